/** Stacks come about, change and go. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { changesBesides, changesTo } from '../change-set.ts';
import { startDeletion } from '../deletion.ts';
import { startCreation, startUpdate } from '../deployment.ts';
import { findStack, type Engine } from '../engine.ts';
import { actingFor, prepared, settingsFrom, templateText } from '../prepare.ts';
import { rollBackCreation, rollBackUpdate } from '../rollback.ts';
import type { Stack } from '../stack.ts';
import { invalid } from '../template.ts';

export const stackOperations = (started: () => Promise<Engine>, world: World) => ({
  ...making(started, world),
  ...deleting(started),
  ...rollingBack(started),
});

const making = (started: () => Promise<Engine>, world: World) => ({
  async CreateStack(input: CFN.CreateStackCommandInput, call: Call) {
    const engine = await started();
    const { StackName = '', DisableRollback = false, OnFailure } = input;
    const existing = findStack(engine, StackName);
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS') throw alreadyExists(StackName);
    const text = await templateText(input, undefined, world, call.principal);
    const settings = {
      ...settingsFrom(input, undefined),
      disableRollback: DisableRollback,
      terminationProtection: input.EnableTerminationProtection ?? false,
    };
    const stack = existing ?? newStack(StackName, engine, call);
    stack.settings = settings;
    const blueprint = await prepared(
      stack,
      text,
      settings,
      input.Parameters ?? [],
      call.principal,
      engine,
    ).catch((error: unknown) => {
      if (!existing) engine.stacks.delete(stack.id);
      throw error;
    });
    if (stack.status !== 'REVIEW_IN_PROGRESS') throw alreadyExists(StackName);
    take(stack, input, call, engine);
    for (const changeSet of stack.changeSets.values()) changeSet.executionStatus = 'OBSOLETE';
    startCreation(stack, blueprint, engine, OnFailure ?? (DisableRollback ? 'DO_NOTHING' : 'ROLLBACK'));
    return { StackId: stack.id } satisfies Answer<CFN.CreateStackCommandOutput>;
  },

  async UpdateStack(input: CFN.UpdateStackCommandInput, call: Call) {
    const engine = await started();
    const stack = existingStack(engine, input.StackName);
    const text = await templateText(input, stack, world, call.principal);
    refuseUnlessSteady(stack, 'updated');
    const settings = { ...settingsFrom(input, stack), disableRollback: input.DisableRollback ?? false };
    const blueprint = await prepared(stack, text, settings, input.Parameters ?? [], call.principal, engine);
    const changes = await changesTo(stack, blueprint, engine);
    if (changes.length === 0 && !changesBesides(stack, blueprint, settings.tags))
      throw invalid('No updates are to be performed.');
    refuseUnlessSteady(stack, 'updated'); // once more: others may have been faster
    take(stack, input, call, engine, settings.roleArn);
    for (const changeSet of stack.changeSets.values()) changeSet.executionStatus = 'OBSOLETE';
    startUpdate(stack, blueprint, settings, engine);
    return { StackId: stack.id } satisfies Answer<CFN.UpdateStackCommandOutput>;
  },
});

const deleting = (started: () => Promise<Engine>) => ({
  /** A stack that is not there is deleted already. */
  async DeleteStack(input: CFN.DeleteStackCommandInput, call: Call) {
    const engine = await started();
    const stack = findStack(engine, input.StackName);
    if (!stack || stack.status === 'DELETE_COMPLETE') return {};
    if (stack.settings.terminationProtection)
      throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    if (stack.status.endsWith('IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
      if (stack.status === 'DELETE_IN_PROGRESS') return {};
      throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    take(stack, input, call, engine, input.RoleARN ?? stack.settings.roleArn);
    startDeletion(stack, input.RetainResources ?? [], engine);
    return {} satisfies Answer<CFN.DeleteStackCommandOutput>;
  },

  async UpdateTerminationProtection(input: CFN.UpdateTerminationProtectionCommandInput) {
    const stack = existingStack(await started(), input.StackName);
    stack.settings.terminationProtection = input.EnableTerminationProtection ?? false;
    return { StackId: stack.id } satisfies Answer<CFN.UpdateTerminationProtectionCommandOutput>;
  },
});

const rollingBack = (started: () => Promise<Engine>) => ({
  async RollbackStack(input: CFN.RollbackStackCommandInput, call: Call) {
    const engine = await started();
    const stack = existingStack(engine, input.StackName);
    if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED')
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    take(stack, input, call, engine, input.RoleARN ?? stack.settings.roleArn);
    const back =
      stack.status === 'CREATE_FAILED'
        ? rollBackCreation(stack, engine, 'User Initiated')
        : rollBackUpdate(stack, engine, 'User Initiated', []);
    stack.settled = back;
    return { StackId: stack.id } satisfies Answer<CFN.RollbackStackCommandOutput>;
  },

  async ContinueUpdateRollback(input: CFN.ContinueUpdateRollbackCommandInput, call: Call) {
    const engine = await started();
    const stack = existingStack(engine, input.StackName);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`);
    take(stack, input, call, engine, input.RoleARN ?? stack.settings.roleArn);
    stack.settled = rollBackUpdate(stack, engine, 'User Initiated', input.ResourcesToSkip ?? []);
    return {} satisfies Answer<CFN.ContinueUpdateRollbackCommandOutput>;
  },
});

const alreadyExists = (name: string) =>
  new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);

export function newStack(name: string, { world, stacks }: Engine, { principal }: Call): Stack {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const id = `arn:aws:cloudformation:${world.region}:${world.account}:stack/${name}/${world.random.uuid()}`;
  const stack: Stack = {
    id,
    name,
    status: 'REVIEW_IN_PROGRESS',
    created: world.clock.now(),
    resources: new Map(),
    outputs: [],
    imports: new Set(),
    journal: [],
    events: [],
    changeSets: new Map(),
    settings: settingsFrom({}, undefined),
    principal,
    settled: Promise.resolve(),
  };
  stacks.set(id, stack);
  return stack;
}

/** Throws AWS's words for a stack that is not there. */
export function existingStack(engine: Engine, nameOrId = ''): Stack {
  const stack = findStack(engine, nameOrId);
  if (!stack) throw invalid(`Stack [${nameOrId}] does not exist`);
  return stack;
}

/** From now on the stack acts for this request. */
export function take(
  stack: Stack,
  { ClientRequestToken }: { ClientRequestToken?: string },
  call: Call,
  { world }: Engine,
  roleArn = stack.settings.roleArn,
): void {
  stack.principal = actingFor(roleArn, call.principal, world);
  delete stack.clientRequestToken;
  if (ClientRequestToken !== undefined) stack.clientRequestToken = ClientRequestToken;
}

export function refuseUnlessSteady(stack: Stack, what: string): void {
  if (!STEADY.has(stack.status))
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be ${what}.`);
}

const STEADY = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'UPDATE_FAILED',
  'CREATE_FAILED',
]);
