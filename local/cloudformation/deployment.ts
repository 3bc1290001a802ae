/** Creates and updates stacks: builds, cleans up, or rolls back. */
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Blueprint } from './blueprint.ts';
import { adopt, build, type Failures } from './build.ts';
import { deleteResources } from './deletion.ts';
import type { Engine } from './engine.ts';
import { outputsOf } from './outputs.ts';
import { rollBackCreation, rollBackUpdate } from './rollback.ts';
import { stackBecomes, type Stack, type StackResource, type StackSettings } from './stack.ts';

/** What a failed creation leads to. @default `ROLLBACK` */
export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/** Turns the stack's status at once and goes on by itself; `stack.settled` tells the end. */
export function startCreation(
  stack: Stack,
  blueprint: Blueprint,
  engine: Engine,
  onFailure: OnFailure,
): void {
  stackBecomes(stack, 'CREATE_IN_PROGRESS', engine.world, 'User Initiated');
  stack.settled = create(stack, blueprint, engine, onFailure);
}

/** A rollback brings the settings back too. */
export function startUpdate(
  stack: Stack,
  blueprint: Blueprint,
  settings: StackSettings,
  engine: Engine,
): void {
  const before = stack.settings;
  stack.settingsBefore = before;
  stack.settings = settings;
  stack.updated = engine.world.clock.now();
  stackBecomes(stack, 'UPDATE_IN_PROGRESS', engine.world, 'User Initiated');
  stack.settled = update(stack, blueprint, before, engine);
}

async function create(
  stack: Stack,
  blueprint: Blueprint,
  engine: Engine,
  onFailure: OnFailure,
): Promise<void> {
  stack.blueprint = blueprint;
  const reason = await built(stack, blueprint, engine);
  if (reason === undefined) return stackBecomes(stack, 'CREATE_COMPLETE', engine.world);
  if (onFailure === 'DO_NOTHING') return stackBecomes(stack, 'CREATE_FAILED', engine.world, reason);
  await rollBackCreation(stack, engine, `${reason}Rollback requested by user.`, onFailure === 'DELETE');
}

async function update(
  stack: Stack,
  blueprint: Blueprint,
  before: StackSettings,
  engine: Engine,
): Promise<void> {
  await deleteUnmade(stack, engine);
  const reason = await built(stack, blueprint, engine);
  if (reason !== undefined) {
    if (stack.settings.disableRollback) {
      takeUpAgain(stack);
      return stackBecomes(stack, 'UPDATE_FAILED', engine.world, reason);
    }
    stack.settings = before;
    return rollBackUpdate(stack, engine, reason, []);
  }
  stack.blueprint = blueprint;
  adopt(stack, blueprint);
  const obsolete = obsoleteResources(stack, blueprint);
  stack.journal = [];
  await cleanUp(stack, obsolete, engine, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE');
}

/**
 * What an operation without rollback could not make goes with the next one, which makes it anew.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
 */
async function deleteUnmade(stack: Stack, engine: Engine): Promise<void> {
  const unmade = [...stack.resources.values()].filter(({ status }) => status === 'CREATE_FAILED');
  await deleteResources(stack, unmade, engine, () => false);
}

/** What could not be changed counts as it was, so the next operation tries again. */
function takeUpAgain({ journal, resources }: Stack): void {
  for (const { logicalId, before, after } of journal) {
    const { status, statusReason } = after ?? {};
    if (before && status === 'UPDATE_FAILED')
      resources.set(logicalId, {
        ...before,
        status,
        ...(statusReason === undefined ? {} : { statusReason }),
      });
  }
}

/** Resolves with the reason when it failed. */
async function built(stack: Stack, blueprint: Blueprint, engine: Engine): Promise<string | undefined> {
  stack.journal = [];
  const imports = new Set<string>();
  try {
    const failures = await build(stack, blueprint, engine, (name) => imports.add(name));
    const reason = reasonOf(failures);
    if (reason !== undefined) return reason;
    stack.outputs = await outputsOf(stack, blueprint, engine, (name) => imports.add(name));
    stack.imports = imports;
  } catch (error) {
    return `${(error as Error).message} `;
  }
}

/** What was replaced or is no longer in the template; `stack.resources` forgets the latter. */
function obsoleteResources(stack: Stack, { dependencies }: Blueprint): StackResource[] {
  const replaced = stack.journal.flatMap(({ before, after }) =>
    before && before.id !== after?.id ? [{ ...before, deletionPolicy: before.updateReplacePolicy }] : [],
  );
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !dependencies.has(logicalId));
  for (const { logicalId } of removed) stack.resources.delete(logicalId);
  return [...replaced, ...removed];
}

const LEFT_BEHIND = 'Update successful. One or more resources could not be deleted.';

/** What cannot be deleted stays behind and is told of, as on AWS: the update has succeeded all the same. */
async function cleanUp(
  stack: Stack,
  obsolete: StackResource[],
  engine: Engine,
  during: StackStatus,
  after: StackStatus,
): Promise<void> {
  stackBecomes(stack, during, engine.world);
  const left = await deleteResources(
    stack,
    obsolete,
    engine,
    ({ deletionPolicy }) => deletionPolicy !== 'Delete',
  );
  stackBecomes(stack, after, engine.world, left.length > 0 ? LEFT_BEHIND : undefined);
}

function reasonOf({ created, updated }: Failures): string | undefined {
  if (created.length > 0) return `The following resource(s) failed to create: [${created.join(', ')}]. `;
  if (updated.length > 0) return `The following resource(s) failed to update: [${updated.join(', ')}]. `;
}
