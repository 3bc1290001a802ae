/** Undoes what a failed deployment did. */
import { deleteResources, deleteStack } from './deletion.ts';
import type { Engine } from './engine.ts';
import { ResourceFailure, updateResource } from './resource-steps.ts';
import { stackBecomes, type Stack } from './stack.ts';

/** `vanish`: the stack goes too, as OnFailure DELETE wants. */
export async function rollBackCreation(
  stack: Stack,
  engine: Engine,
  reason: string,
  vanish = false,
): Promise<void> {
  stackBecomes(stack, vanish ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', engine.world, reason);
  if (vanish) return deleteStack(stack, [], engine);
  const failed = await deleteResources(
    stack,
    [...stack.resources.values()],
    engine,
    ({ deletionPolicy }) => deletionPolicy === 'Retain',
  );
  stack.journal = [];
  stack.outputs = [];
  stack.imports = new Set();
  if (failed.length === 0) return stackBecomes(stack, 'ROLLBACK_COMPLETE', engine.world);
  stackBecomes(
    stack,
    'ROLLBACK_FAILED',
    engine.world,
    `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
  );
}

/** `skip`: logical ids that are taken to be as they were, though they could not be made so. */
export async function rollBackUpdate(
  stack: Stack,
  engine: Engine,
  reason: string,
  skip: string[],
): Promise<void> {
  stackBecomes(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', engine.world, reason);
  const failed: string[] = [];
  for (const step of stack.journal) {
    const { logicalId, before, after } = step;
    if (before) {
      stack.resources.set(logicalId, before);
      const undone =
        skip.includes(logicalId) || after!.id !== before.id || (await changedBack(stack, step, engine));
      if (!undone) failed.push(logicalId);
    } else stack.resources.delete(logicalId);
  }
  if (failed.length > 0)
    return stackBecomes(
      stack,
      'UPDATE_ROLLBACK_FAILED',
      engine.world,
      `The following resource(s) failed to update: [${failed.join(', ')}]. `,
    );

  const added = stack.journal.filter(({ before, after }) => after && after.id !== before?.id);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
  const retained = new Set(
    added.flatMap(({ before, after }) => (!before && after!.deletionPolicy === 'Retain' ? [after!] : [])),
  );
  stack.journal = [];
  stackBecomes(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', engine.world);
  await deleteResources(
    stack,
    added.map(({ after }) => after!),
    engine,
    (resource) => retained.has(resource),
  );
  stackBecomes(stack, 'UPDATE_ROLLBACK_COMPLETE', engine.world);
}

async function changedBack(
  stack: Stack,
  { before, after }: Stack['journal'][number],
  engine: Engine,
): Promise<boolean> {
  try {
    await updateResource(stack, before!, after!, engine);
    return true;
  } catch (error) {
    if (!(error instanceof ResourceFailure)) throw error;
    return false;
  }
}
