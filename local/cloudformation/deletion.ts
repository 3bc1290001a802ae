/** Deletes resources, last made first. */
import { exportsOf, importersOf, type Engine } from './engine.ts';
import { inParallel, reversed } from './in-parallel.ts';
import { deleteResource, ResourceFailure } from './resource-steps.ts';
import { stackBecomes, type Stack, type StackResource } from './stack.ts';

export function startDeletion(stack: Stack, retain: string[], engine: Engine): void {
  stackBecomes(stack, 'DELETE_IN_PROGRESS', engine.world, 'User Initiated');
  stack.settled = deleteStack(stack, retain, engine);
}

/** `retain`: logical ids that a second attempt leaves behind. */
export async function deleteStack(stack: Stack, retain: string[], engine: Engine): Promise<void> {
  const used = exportsOf(engine).find(
    (each) => each.stack === stack && importersOf(engine, each.name).some((importer) => importer !== stack),
  );
  if (used) {
    const by = importersOf(engine, used.name).map(({ name }) => name);
    return stackBecomes(
      stack,
      'DELETE_FAILED',
      engine.world,
      `Export ${used.name} cannot be deleted as it is in use by ${by.join(', ')}`,
    );
  }
  const failed = await deleteResources(
    stack,
    [...stack.resources.values()],
    engine,
    ({ deletionPolicy, logicalId }) => deletionPolicy !== 'Delete' || retain.includes(logicalId),
  );
  if (failed.length > 0)
    return stackBecomes(
      stack,
      'DELETE_FAILED',
      engine.world,
      `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
    );
  stack.outputs = [];
  stack.imports = new Set();
  stack.changeSets.clear();
  stack.deleted = engine.world.clock.now();
  stackBecomes(stack, 'DELETE_COMPLETE', engine.world);
}

/** Resolves with the logical ids of those that could not be deleted. The others are forgotten, unless they were replaced. */
export async function deleteResources(
  stack: Stack,
  resources: StackResource[],
  engine: Engine,
  keep: (resource: StackResource) => boolean,
): Promise<string[]> {
  const failed: string[] = [];
  // By place in the list, since a replaced resource and its successor share a logical id.
  const keys = new Map(resources.map((resource, i) => [`${i}`, resource]));
  const keysOf = (logicalId: string) =>
    [...keys].filter(([, each]) => each.logicalId === logicalId).map(([key]) => key);
  const dependencies = new Map([...keys].map(([key, { dependsOn }]) => [key, dependsOn.flatMap(keysOf)]));

  const remove = async (key: string): Promise<boolean> => {
    const resource = keys.get(key)!;
    try {
      await deleteResource(stack, resource, engine, keep(resource));
      if (stack.resources.get(resource.logicalId) === resource) stack.resources.delete(resource.logicalId);
    } catch (error) {
      if (!(error instanceof ResourceFailure)) throw error;
      failed.push(resource.logicalId);
      return false;
    }
    return true;
  };
  await inParallel(reversed(dependencies), remove, 'go on');
  return failed;
}
