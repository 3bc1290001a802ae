/** Changes are worked out first and executed later. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { changesBesides, changesTo, type ChangeSet } from '../change-set.ts';
import { startCreation, startUpdate } from '../deployment.ts';
import { findStack, type Engine } from '../engine.ts';
import { actingFor, prepared, refuseUnmodelled, settingsFrom, templateText } from '../prepare.ts';
import { stackBecomes, type Stack } from '../stack.ts';
import { invalid } from '../template.ts';
import { parametersOf } from './shown.ts';
import { existingStack, newStack, refuseUnlessSteady, take } from './stacks.ts';

export const changeSetOperations = (started: () => Promise<Engine>, world: World) => ({
  ...making(started, world),
  ...executing(started, world),
  ...reading(started),
});

const making = (started: () => Promise<Engine>, world: World) => ({
  async CreateChangeSet(input: CFN.CreateChangeSetCommandInput, call: Call) {
    const engine = await started();
    refuseImports(input);
    const { ChangeSetName: name = '', ChangeSetType: type = 'UPDATE' } = input;
    const stack = stackFor(engine, input, call);
    if (stack.changeSets.has(name))
      throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
    const changeSet: ChangeSet = {
      id: `arn:aws:cloudformation:${world.region}:${world.account}:changeSet/${name}/${world.random.uuid()}`,
      name,
      type,
      created: world.clock.now(),
      status: 'CREATE_IN_PROGRESS',
      executionStatus: 'UNAVAILABLE',
      parameters: input.Parameters ?? [],
      settings: { ...settingsFrom(input, stack.blueprint ? stack : undefined) },
      text: '',
      changes: [],
      onFailure: input.OnStackFailure ?? 'ROLLBACK',
      includeNestedStacks: input.IncludeNestedStacks ?? false,
      ...(input.Description === undefined ? {} : { description: input.Description }),
    };
    await workOut(changeSet, stack, input, call, engine).catch((error: unknown) => {
      if (stack.status === 'REVIEW_IN_PROGRESS' && stack.events.length === 0) engine.stacks.delete(stack.id);
      throw error;
    });
    if (stack.events.length === 0) stackBecomes(stack, 'REVIEW_IN_PROGRESS', world, 'User Initiated');
    stack.changeSets.set(name, changeSet);
    return { Id: changeSet.id, StackId: stack.id } satisfies Answer<CFN.CreateChangeSetCommandOutput>;
  },

  /** A change set that is not there is deleted already; a stack that is not there is an error. */
  async DeleteChangeSet({ ChangeSetName = '', StackName }: CFN.DeleteChangeSetCommandInput) {
    const engine = await started();
    const stack = ownerOf(engine, ChangeSetName, StackName);
    for (const { id, name } of stack?.changeSets.values() ?? [])
      if (id === ChangeSetName || name === ChangeSetName) stack!.changeSets.delete(name);
    return {} satisfies Answer<CFN.DeleteChangeSetCommandOutput>;
  },
});

const executing = (started: () => Promise<Engine>, world: World) => ({
  async ExecuteChangeSet(input: CFN.ExecuteChangeSetCommandInput, call: Call) {
    refuseUnmodelled(input);
    const engine = await started();
    const [stack, changeSet] = existingChangeSet(engine, input);
    if (changeSet.executionStatus !== 'AVAILABLE' || !changeSet.blueprint)
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
      );
    if (stack.status !== 'REVIEW_IN_PROGRESS') refuseUnlessSteady(stack, 'updated');
    const settings = {
      ...changeSet.settings,
      disableRollback: input.DisableRollback ?? false,
      changeSetId: changeSet.id,
    };
    take(stack, input, call, engine, settings.roleArn);
    for (const other of stack.changeSets.values()) other.executionStatus = 'OBSOLETE';
    changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
    if (stack.blueprint) startUpdate(stack, changeSet.blueprint, settings, engine);
    else {
      stack.settings = settings;
      stack.updated = world.clock.now();
      startCreation(
        stack,
        changeSet.blueprint,
        engine,
        settings.disableRollback ? 'DO_NOTHING' : changeSet.onFailure,
      );
    }
    stack.settled = stack.settled.then(() => {
      changeSet.executionStatus = /^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)
        ? 'EXECUTE_COMPLETE'
        : 'EXECUTE_FAILED';
    });
    return {} satisfies Answer<CFN.ExecuteChangeSetCommandOutput>;
  },
});

const reading = (started: () => Promise<Engine>) => ({
  async DescribeChangeSet(input: CFN.DescribeChangeSetCommandInput) {
    const [stack, changeSet] = existingChangeSet(await started(), input);
    return described(stack, changeSet, input.IncludePropertyValues ?? false);
  },

  async ListChangeSets({ StackName }: CFN.ListChangeSetsCommandInput) {
    const stack = existingStack(await started(), StackName);
    const Summaries = [...stack.changeSets.values()].map((changeSet): CFN.ChangeSetSummary => {
      const { Changes: _changes, Parameters: _parameters, ...summary } = described(stack, changeSet, false);
      return summary;
    });
    return { Summaries } satisfies Answer<CFN.ListChangeSetsCommandOutput>;
  },
});

/** With ImportExistingResources, which the CLI's bootstrap always sends, what is there already still fails to be created. */
function refuseImports({
  ResourcesToImport,
  ChangeSetType,
  DeploymentMode,
}: CFN.CreateChangeSetCommandInput): void {
  if (ChangeSetType === 'IMPORT' || ResourcesToImport?.length)
    throw notModelled('the import of resources into a stack');
  if (DeploymentMode === 'REVERT_DRIFT') throw notModelled('drift-aware change sets');
}

/** A change set of type CREATE brings its stack with it. */
function stackFor(
  engine: Engine,
  { StackName = '', ChangeSetType, ChangeSetName }: CFN.CreateChangeSetCommandInput,
  call: Call,
): Stack {
  const stack = findStack(engine, StackName);
  if (ChangeSetType === 'CREATE') {
    if (stack && stack.status !== 'REVIEW_IN_PROGRESS')
      throw invalid(
        `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
      );
    return stack ?? newStack(StackName, engine, call);
  }
  if (!stack) throw invalid(`Stack [${StackName}] does not exist`);
  refuseUnlessSteady(stack, 'updated');
  return stack;
}

/** What the template itself gets wrong is thrown; what only working out the changes shows makes the change set fail. */
async function workOut(
  changeSet: ChangeSet,
  stack: Stack,
  input: CFN.CreateChangeSetCommandInput,
  call: Call,
  engine: Engine,
): Promise<void> {
  const { settings, parameters } = changeSet;
  changeSet.text = await templateText(input, stack, engine.world, call.principal);
  const blueprint = await prepared(stack, changeSet.text, settings, parameters, call.principal, engine);
  // Parameter Store is read as whoever will deploy.
  const deploying = { ...stack, principal: actingFor(settings.roleArn, call.principal, engine.world) };
  try {
    changeSet.changes = await changesTo(deploying, blueprint, engine);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return fail(changeSet, error.message);
  }
  if (stack.blueprint && changeSet.changes.length === 0 && !changesBesides(stack, blueprint, settings.tags))
    return fail(
      changeSet,
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
  changeSet.blueprint = blueprint;
  changeSet.status = 'CREATE_COMPLETE';
  changeSet.executionStatus = 'AVAILABLE';
}

function fail(changeSet: ChangeSet, reason: string): void {
  changeSet.status = 'FAILED';
  changeSet.statusReason = reason;
}

function ownerOf(engine: Engine, changeSetName: string, stackName: string | undefined): Stack | undefined {
  if (stackName !== undefined) return existingStack(engine, stackName);
  if (!changeSetName.startsWith('arn:'))
    throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
  return [...engine.stacks.values()].find(({ changeSets }) =>
    [...changeSets.values()].some(({ id }) => id === changeSetName),
  );
}

export function existingChangeSet(
  engine: Engine,
  { ChangeSetName = '', StackName }: { ChangeSetName?: string; StackName?: string },
): [Stack, ChangeSet] {
  const stack = ownerOf(engine, ChangeSetName, StackName);
  const changeSet = [...(stack?.changeSets.values() ?? [])].find(
    ({ id, name }) => id === ChangeSetName || name === ChangeSetName,
  );
  if (!stack || !changeSet)
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${ChangeSetName}] does not exist`, { status: 404 });
  return [stack, changeSet];
}

function described(
  stack: Stack,
  changeSet: ChangeSet,
  values: boolean,
): Answer<CFN.DescribeChangeSetCommandOutput> {
  const { settings, blueprint } = changeSet;
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(changeSet.created),
    Status: changeSet.status,
    ExecutionStatus: changeSet.executionStatus,
    Parameters: blueprint ? parametersOf(blueprint) : [],
    Capabilities: settings.capabilities as CFN.Capability[],
    NotificationARNs: settings.notificationArns,
    RollbackConfiguration: {},
    Tags: settings.tags,
    IncludeNestedStacks: changeSet.includeNestedStacks,
    Changes: values ? changeSet.changes : changeSet.changes.map(withoutValues),
    ...(changeSet.description === undefined ? {} : { Description: changeSet.description }),
    ...(changeSet.statusReason === undefined ? {} : { StatusReason: changeSet.statusReason }),
  };
}

function withoutValues({ Type, ResourceChange }: CFN.Change): CFN.Change {
  const { BeforeContext: _before, AfterContext: _after, Details = [], ...change } = ResourceChange!;
  return { Type: Type!, ResourceChange: { ...change, Details: Details.map(bare) } };
}

function bare({ Target, ...detail }: CFN.ResourceChangeDetail): CFN.ResourceChangeDetail {
  const { BeforeValue: _old, AfterValue: _new, ...target } = Target!;
  return { Target: target, ...detail };
}
