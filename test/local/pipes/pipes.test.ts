import {
  DeletePipeCommand,
  DescribePipeCommand,
  ListPipesCommand,
  ListTagsForResourceCommand,
  StartPipeCommand,
  StopPipeCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipeCommand,
} from '@aws-sdk/client-pipes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { PIPE_ROLE, piping } from './piping.ts';

let aws: Awaited<ReturnType<typeof piping>>;
let source: string;
let target: string;
beforeAll(async () => {
  aws = await piping();
  [source, target] = [await aws.queue('source'), await aws.queue('target')];
});
beforeEach(async () => {
  const { Pipes = [] } = await aws.pipes.send(new ListPipesCommand({}));
  for (const { Name } of Pipes) await aws.pipes.send(new DeletePipeCommand({ Name }));
});
afterAll(() => aws.stop());

const describing = (Name = 'p') => aws.pipes.send(new DescribePipeCommand({ Name }));
const pipeArn = 'arn:aws:pipes:eu-west-1:000000000000:pipe/p';

test('a pipe is described as it was made', async () => {
  const SourceParameters = { SqsQueueParameters: { BatchSize: 1 } };
  const made = await aws.pipe({ Source: source, Target: target, SourceParameters, Tags: { a: 'b' } });
  expect(made).toMatchObject({ Arn: pipeArn, DesiredState: 'RUNNING', CurrentState: 'CREATING' });
  expect(await describing()).toMatchObject({
    Name: 'p',
    Arn: pipeArn,
    CurrentState: 'RUNNING',
    Source: source,
    SourceParameters,
    Target: target,
    RoleArn: PIPE_ROLE,
    Tags: { a: 'b' },
    CreationTime: made.CreationTime,
  });
});

test('a pipe that is stopped moves nothing until it is started', async () => {
  await aws.pipe({ Source: source, Target: target, DesiredState: 'STOPPED' });
  await aws.send(source, 'waits');
  await aws.advance('1m');
  expect(await aws.received(target)).toEqual([]);
  expect(await aws.pipes.send(new StartPipeCommand({ Name: 'p' }))).toMatchObject({
    CurrentState: 'STARTING',
  });
  await aws.advance('1s');
  expect(await aws.received(target)).toHaveLength(1);
  await aws.pipes.send(new StopPipeCommand({ Name: 'p' }));
  expect(await describing()).toMatchObject({ DesiredState: 'STOPPED', CurrentState: 'STOPPED' });
});

test('an update leaves alone what it does not mention', async () => {
  await aws.pipe({ Source: source, Target: target, TargetParameters: { InputTemplate: '{"a":1}' } });
  await aws.pipes.send(new UpdatePipeCommand({ Name: 'p', RoleArn: PIPE_ROLE, Description: 'd' }));
  expect(await describing()).toMatchObject({
    Description: 'd',
    TargetParameters: { InputTemplate: '{"a":1}' },
  });
  await aws.send(source, 'x');
  await aws.advance('1s');
  expect(await aws.bodies(target)).toEqual(['{"a":1}']);
});

test('pipes are listed by name, source, target and state', async () => {
  await aws.pipe({ Source: source, Target: target });
  await aws.pipe({ Name: 'q', Source: source, Target: target, DesiredState: 'STOPPED' });
  const listed = async (input: object) => {
    const { Pipes = [] } = await aws.pipes.send(new ListPipesCommand(input));
    return Pipes.map(({ Name }) => Name);
  };
  expect(await listed({})).toEqual(['p', 'q']);
  expect(await listed({ NamePrefix: 'q' })).toEqual(['q']);
  expect(await listed({ CurrentState: 'RUNNING' })).toEqual(['p']);
  expect(await listed({ TargetPrefix: 'arn:aws:sns' })).toEqual([]);
});

test('tags are put on and taken off', async () => {
  await aws.pipe({ Source: source, Target: target });
  await aws.pipes.send(new TagResourceCommand({ resourceArn: pipeArn, tags: { a: '1', b: '2' } }));
  await aws.pipes.send(new UntagResourceCommand({ resourceArn: pipeArn, tagKeys: ['a'] }));
  const { tags } = await aws.pipes.send(new ListTagsForResourceCommand({ resourceArn: pipeArn }));
  expect(tags).toEqual({ b: '2' });
});

describe('refused', () => {
  test('by name: sources, targets and members that are not modelled', async () => {
    const refused = async (input: object) => {
      const failure = await aws.pipe({ Source: source, Target: target, ...input }).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(failure).toMatchObject({ name: 'NotImplemented' });
      return failure!.message;
    };
    const here = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:000000000000:${rest}`;
    expect(await refused({ Source: here('kinesis', 'stream/s') })).toContain('pipes from kinesis');
    expect(await refused({ Target: here('states', 'stateMachine:s') })).toContain('pipes to states');
    expect(await refused({ Enrichment: here('events', 'api-destination/d/1') })).toContain('enrichment');
    expect(await refused({ KmsKeyIdentifier: 'k' })).toContain('KmsKeyIdentifier');
    expect(await refused({ LogConfiguration: { Level: 'ERROR', IncludeExecutionData: [] } })).toContain(
      'LogConfiguration',
    );
    expect(await refused({ TargetParameters: { HttpParameters: {} } })).toContain('HttpParameters');
    expect(await refused({ Target: 'arn:aws:sqs:us-east-1:000000000000:q' })).toContain('regions');
  });

  test('as AWS does: what cannot work', async () => {
    const refused = async (input: object) => {
      const failure = await aws
        .pipe({ Source: source, Target: target, ...input })
        .catch((error: Error) => error);
      expect(failure).toMatchObject({ name: 'ValidationException' });
      return (failure as Error).message;
    };
    expect(await refused({ Name: 'a b' })).toContain("Value 'a b' at 'name'");
    expect(await refused({ Source: 'arn:aws:sqs:eu-west-1:000000000000:none' })).toContain(
      'The specified queue does not exist',
    );
    const SqsQueueParameters = { BatchSize: 11, MaximumBatchingWindowInSeconds: 1 };
    expect(await refused({ SourceParameters: { SqsQueueParameters } })).toContain('greater than 10');
    const FilterCriteria = { Filters: [{ Pattern: '{"body":1}' }] };
    expect(await refused({ SourceParameters: { FilterCriteria } })).toContain('Invalid filter pattern');
    const RoleArn = await withRole(aws, { name: 'stranger' });
    expect(await refused({ RoleArn })).toContain('cannot be assumed by pipes');
  });

  test('a name that is taken, and one that nothing has', async () => {
    await aws.pipe({ Source: source, Target: target });
    await expect(aws.pipe({ Source: source, Target: target })).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await expect(describing('none')).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
