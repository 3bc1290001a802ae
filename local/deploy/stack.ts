/** Makes one stack what a template says, through a change set. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import { administrator } from '../principal.ts';
import type { World } from '../world.ts';
import type { StackArtifact } from './assembly.ts';

/** What a stack is deployed from; a template of the CLI's own has no more than this. */
export type Deployable = Pick<StackArtifact, 'name' | 'template' | 'tags' | 'roleArn'>;

/** Resolves with the outputs. */
export async function deployStack(
  { name, template, tags, roleArn }: Deployable,
  parameters: Record<string, string>,
  world: World,
): Promise<Record<string, string>> {
  const call = <Output>(operation: string, input: object) =>
    world.call<Output>(administrator(world.account), 'cloudformation', operation, input);
  const before = await describedStack(name, world);
  const exists = before !== undefined && before.StackStatus !== 'REVIEW_IN_PROGRESS' && !isLost(before);
  if (before && isLost(before)) {
    await call('DeleteStack', { StackName: before.StackId });
    await over(before.StackId!, world);
  }
  const named = { StackName: name, ChangeSetName: 'spillway-deploy' };
  if (before && !isLost(before)) await call('DeleteChangeSet', named);
  await call('CreateChangeSet', {
    ...named,
    ...template,
    ChangeSetType: exists ? 'UPDATE' : 'CREATE',
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: tags,
    ...(roleArn === undefined ? {} : { RoleARN: roleArn }),
  } satisfies CFN.CreateChangeSetCommandInput);
  const changeSet = await call<CFN.DescribeChangeSetCommandOutput>('DescribeChangeSet', named);
  if (isUnchanged(changeSet)) return outputsOf(before!);
  if (changeSet.Status === 'FAILED') throw new Error(`${name}: ${changeSet.StatusReason}`);
  const token = world.random.uuid();
  await call('ExecuteChangeSet', { ...named, ClientRequestToken: token });
  await over(changeSet.StackId!, world);
  const after = (await describedStack(changeSet.StackId!, world))!;
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(after.StackStatus!))
    throw new Error(`${name}: ${await failureOf(after, token, world)}`);
  return outputsOf(after);
}

const outputsOf = ({ Outputs = [] }: CFN.Stack): Record<string, string> =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));

/** Only good for being deleted: its creation failed. */
const isLost = ({ StackStatus }: CFN.Stack) =>
  /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/.test(StackStatus!);

const isUnchanged = ({ StatusReason = '' }: CFN.DescribeChangeSetCommandOutput) =>
  StatusReason.startsWith("The submitted information didn't contain changes.");

const over = (nameOrId: string, world: World): Promise<void> =>
  world.clock.until(world.service('cloudformation').settled(nameOrId));

async function describedStack(name: string, world: World): Promise<CFN.Stack | undefined> {
  try {
    const { Stacks } = await world.call<CFN.DescribeStacksCommandOutput>(
      administrator(world.account),
      'cloudformation',
      'DescribeStacks',
      { StackName: name },
    );
    return Stacks?.[0];
  } catch {
    return undefined;
  }
}

/** The first thing that went wrong: a resource, or what made the stack roll back where all resources are well. */
async function failureOf({ StackId, StackStatus }: CFN.Stack, token: string, world: World): Promise<string> {
  const { StackEvents = [] } = await world.call<CFN.DescribeStackEventsCommandOutput>(
    administrator(world.account),
    'cloudformation',
    'DescribeStackEvents',
    { StackName: StackId },
  );
  const first = StackEvents.toReversed().find(
    ({ ResourceStatus = '', ClientRequestToken }) =>
      /_FAILED$|ROLLBACK_IN_PROGRESS$/.test(ResourceStatus) && ClientRequestToken === token,
  );
  if (!first) return StackStatus!;
  return `${StackStatus}: ${first.LogicalResourceId} (${first.ResourceType}) ${first.ResourceStatus}: ${first.ResourceStatusReason}`;
}
