/** Making, changing and deleting pipes. AWS does it within a minute or two; here it is done when the call is answered. */
import type * as Pipes from '@aws-sdk/client-pipes';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { check as checkMembers, RULE_NAME } from '../events/constraints.ts';
import { check } from './check.ts';
import type { Definition, Pipe, Store } from './pipe.ts';

export function changing(world: World, pipes: Store) {
  const change = (pipe: Pipe, changes: Partial<Pipe>) => {
    Object.assign(pipe, changes, { modified: world.clock.now() });
    pipes.begin(pipe);
  };
  return {
    CreatePipe: createPipe(world, pipes),

    async UpdatePipe(input: Pipes.UpdatePipeRequest) {
      refuseKey(input);
      const pipe = pipes.at(input.Name);
      const definition = updated(pipe.definition, input);
      await check(world, { ...pipe, definition });
      change(pipe, { definition, desired: input.DesiredState ?? pipe.desired });
      return { ...summary(pipe), CurrentState: 'UPDATING' } satisfies Answer<Pipes.UpdatePipeCommandOutput>;
    },

    StartPipe({ Name }: Pipes.StartPipeRequest) {
      const pipe = pipes.at(Name);
      if (pipe.state === 'STOPPED') change(pipe, { desired: 'RUNNING' });
      return { ...summary(pipe), CurrentState: 'STARTING' } satisfies Answer<Pipes.StartPipeCommandOutput>;
    },

    StopPipe({ Name }: Pipes.StopPipeRequest) {
      const pipe = pipes.at(Name);
      if (pipe.state === 'RUNNING') change(pipe, { desired: 'STOPPED' });
      return { ...summary(pipe), CurrentState: 'STOPPING' } satisfies Answer<Pipes.StopPipeCommandOutput>;
    },

    DeletePipe({ Name }: Pipes.DeletePipeRequest) {
      const pipe = pipes.at(Name);
      pipes.remove(pipe);
      return {
        ...summary(pipe),
        DesiredState: 'DELETED',
        CurrentState: 'DELETING',
      } satisfies Answer<Pipes.DeletePipeCommandOutput>;
    },
  };
}

function createPipe(world: World, pipes: Store) {
  return async (input: Pipes.CreatePipeRequest): Promise<Answer<Pipes.CreatePipeCommandOutput>> => {
    const { Name: name = '', DesiredState = 'RUNNING', Tags = {}, Source, Target, RoleArn } = input;
    checkMembers(
      { at: 'name', value: name, ...RULE_NAME },
      { at: 'description', value: input.Description, longest: 512 },
    );
    refuseKey(input);
    if (pipes.find(name)) throw new AwsError('ConflictException', `Pipe ${name} already exists.`);
    const now = world.clock.now();
    const pipe: Pipe = {
      name,
      arn: pipes.arn(name),
      id: world.random.uuid(),
      definition: { ...given(input), Source: Source!, Target: Target!, RoleArn: RoleArn! },
      desired: DesiredState,
      state: 'STOPPED',
      created: now,
      modified: now,
      tags: { ...Tags },
    };
    await check(world, pipe);
    pipes.add(pipe);
    pipes.begin(pipe);
    return { ...summary(pipe), CurrentState: 'CREATING' };
  };
}

function refuseKey({ KmsKeyIdentifier }: { KmsKeyIdentifier?: string | undefined }) {
  if (KmsKeyIdentifier) throw notModelled('KmsKeyIdentifier of a pipe');
}

const OPTIONAL = [
  'Description',
  'SourceParameters',
  'Enrichment',
  'EnrichmentParameters',
  'TargetParameters',
  'LogConfiguration',
] as const;

const given = (input: Partial<Definition>): Partial<Definition> =>
  Object.fromEntries(OPTIONAL.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));

/**
 * What is not given stays as it is, but the parameters of a source or a target are replaced as a whole; where a stream
 * was begun cannot be changed. https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
 */
function updated(before: Definition, input: Pipes.UpdatePipeRequest): Definition {
  const { SourceParameters: source, EnrichmentParameters, TargetParameters, ...rest } = input;
  const { DynamoDBStreamParameters: stream } = source ?? {};
  const StartingPosition = before.SourceParameters?.DynamoDBStreamParameters?.StartingPosition;
  const isOtherTarget = input.Target !== undefined && input.Target !== before.Target;
  return {
    ...before,
    ...given(rest),
    Target: input.Target ?? before.Target,
    RoleArn: input.RoleArn ?? before.RoleArn,
    SourceParameters: {
      ...before.SourceParameters,
      ...(source as Definition['SourceParameters']),
      ...(stream && { DynamoDBStreamParameters: { ...stream, StartingPosition } }),
    },
    EnrichmentParameters: { ...before.EnrichmentParameters, ...EnrichmentParameters },
    TargetParameters: { ...(isOtherTarget ? {} : before.TargetParameters), ...TargetParameters },
  };
}

/** What every change answers. */
const summary = ({ name, arn, desired, created, modified }: Pipe) => ({
  Arn: arn,
  Name: name,
  DesiredState: desired,
  CreationTime: new Date(created),
  LastModifiedTime: new Date(modified),
});
