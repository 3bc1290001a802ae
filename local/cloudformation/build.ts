/** Makes a stack's resources what its blueprint says, and writes down each step so that it can be undone. */
import type { Blueprint } from './blueprint.ts';
import { buildingScope, type Engine } from './engine.ts';
import { inParallel } from './in-parallel.ts';
import { resolve } from './intrinsics.ts';
import { withDynamicReferences } from './parameters.ts';
import { createResource, ResourceFailure, updateResource } from './resource-steps.ts';
import { typeNamed, type ResourceTypes } from './resource-types.ts';
import { replaces } from './specification.ts';
import { resourceBecomes, type Stack, type StackResource } from './stack.ts';
import type { TemplateResource } from './template.ts';
import { same, type Dictionary } from './values.ts';

/** What could not be made, by what was tried. Empty lists: all went well. */
export interface Failures {
  created: string[];
  updated: string[];
}

export async function build(
  stack: Stack,
  blueprint: Blueprint,
  engine: Engine,
  imported: (name: string) => void,
): Promise<Failures> {
  const failures: Failures = { created: [], updated: [] };
  const scope = buildingScope(stack, blueprint, engine, imported);
  const cancelled = () => failures.created.length + failures.updated.length > 0;

  await inParallel(blueprint.dependencies, async (name) => {
    const before = stack.resources.get(name);
    const desired = blank(name, blueprint, before, engine);
    try {
      const { Properties = {} } = blueprint.template.Resources[name]!;
      desired.properties = await withDynamicReferences(
        resolve(Properties, scope) as Dictionary,
        engine.world,
        stack.principal,
      );
    } catch (error) {
      desired.id = before?.id ?? '';
      const status = before ? 'UPDATE_FAILED' : 'CREATE_FAILED';
      resourceBecomes(stack, desired, status, engine.world, (error as Error).message);
      (before ? failures.updated : failures.created).push(name);
      return false;
    }
    try {
      await step(stack, desired, before, engine, cancelled);
      return true;
    } catch (error) {
      if (!(error instanceof ResourceFailure)) throw error;
      (before ? failures.updated : failures.created).push(name);
      return false;
    }
  });
  return failures;
}

async function step(
  stack: Stack,
  desired: StackResource,
  before: StackResource | undefined,
  engine: Engine,
  cancelled: () => boolean,
): Promise<void> {
  const { logicalId } = desired;
  if (before && !isChanged(before, desired)) return;
  const replaced = before && needsReplacement(before, desired, engine.types) ? before : undefined;
  stack.resources.set(logicalId, desired);
  stack.journal.push({ logicalId, after: desired, ...(before ? { before } : {}) });
  if (!before || replaced) return createResource(stack, desired, engine, cancelled, replaced);
  desired.id = before.id;
  desired.attributes = before.attributes;
  return updateResource(stack, desired, before, engine);
}

type Contents = Pick<StackResource, 'properties' | 'metadata'>;

/** Once all went well, what was not touched follows the new template in what needs no service: policies and order. */
export function adopt(stack: Stack, blueprint: Blueprint): void {
  for (const [name, resource] of stack.resources) {
    if (!blueprint.dependencies.has(name)) continue;
    const dependsOn = blueprint.dependencies.get(name)!;
    Object.assign(resource, { dependsOn, ...policiesOf(blueprint.template.Resources[name]!) });
  }
}

export const isChanged = (before: Contents, after: Contents): boolean =>
  !same(before.properties, after.properties) || !same(before.metadata, after.metadata);

export const changedProperties = (before: Dictionary, after: Dictionary): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !same(before[name], after[name]),
  );

export const needsReplacement = (
  { type, properties }: StackResource,
  after: Pick<StackResource, 'properties'>,
  types: ResourceTypes,
): boolean => {
  const changed = changedProperties(properties, after.properties);
  return (
    changed.length > 0 && (!typeNamed(types, type)!.update || changed.some((name) => replaces(type, name)))
  );
};

export type Policies = Pick<StackResource, 'deletionPolicy' | 'updateReplacePolicy'>;

export const policiesOf = ({
  DeletionPolicy: deletionPolicy = 'Delete',
  UpdateReplacePolicy: updateReplacePolicy = 'Delete',
}: TemplateResource): Policies => ({ deletionPolicy, updateReplacePolicy });

/** The resource as the template describes it, before its properties are worked out. */
function blank(
  logicalId: string,
  { template, dependencies }: Blueprint,
  before: StackResource | undefined,
  { world }: Engine,
): StackResource {
  const described = template.Resources[logicalId]!;
  const { Type, Metadata } = described;
  return {
    logicalId,
    type: Type,
    id: '',
    attributes: {},
    properties: {},
    ...(Metadata ? { metadata: Metadata } : {}),
    dependsOn: dependencies.get(logicalId) ?? [],
    ...policiesOf(described),
    status: before?.status ?? 'CREATE_IN_PROGRESS',
    updated: world.clock.now(),
  };
}
