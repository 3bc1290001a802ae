/** All stacks of the account, and what every operation on one needs. */
import type { World } from '../world.ts';
import type { Blueprint, Resources, Surroundings } from './blueprint.ts';
import { scopeOf } from './blueprint.ts';
import type { Scope } from './intrinsics.ts';
import { notModelled } from '../errors.ts';
import type { ResourceTypes } from './resource-types.ts';
import { specified } from './specification.ts';
import type { Stack, StackResource } from './stack.ts';
import { invalid, malformed } from './template.ts';

export interface Engine {
  world: World;
  types: ResourceTypes;
  /** By id, deleted ones too, in the order of their creation. */
  stacks: Map<string, Stack>;
}

/** By name: only one that was not deleted. By id: any. */
export function findStack({ stacks }: Engine, nameOrId = ''): Stack | undefined {
  if (nameOrId.startsWith('arn:')) return stacks.get(nameOrId);
  return [...stacks.values()].findLast(
    ({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE',
  );
}

export interface Export {
  name: string;
  value: string;
  stack: Stack;
}

export const exportsOf = ({ stacks }: Engine): Export[] =>
  [...stacks.values()].flatMap((stack) =>
    stack.status === 'DELETE_COMPLETE'
      ? []
      : stack.outputs.flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ name: exportName, value, stack }],
        ),
  );

export const importersOf = ({ stacks }: Engine, name: string): Stack[] =>
  [...stacks.values()].filter(({ imports, status }) => status !== 'DELETE_COMPLETE' && imports.has(name));

/** `imported` hears of every name that the template imports. */
export function surroundingsOf(
  stack: Stack,
  engine: Engine,
  imported: (name: string) => void = () => {},
): Surroundings {
  return {
    stackId: stack.id,
    stackName: stack.name,
    notificationArns: stack.settings.notificationArns,
    importValue(name) {
      const found = exportsOf(engine).find((each) => each.name === name);
      if (!found) throw invalid(`No export named ${name} found.`);
      imported(name);
      return found.value;
    },
  };
}

/** What `blueprint`'s expressions see while the stack is being built: the resources that are there so far. */
export const buildingScope = (
  stack: Stack,
  blueprint: Blueprint,
  engine: Engine,
  imported?: (name: string) => void,
): Scope => scopeOf(blueprint, surroundingsOf(stack, engine, imported), engine.world, standing(stack));

export const standing = (stack: Stack): Resources => {
  const found = (name: string): StackResource => {
    const resource = stack.resources.get(name);
    if (!resource)
      throw malformed(`Unresolved resource dependencies [${name}] in the Resources block of the template`);
    return resource;
  };
  return {
    ref: (name) => found(name).id,
    attribute: (name, attribute) => attributeOf(found(name), attribute),
  };
};

export function attributeOf({ type, id, logicalId, attributes }: StackResource, attribute: string): unknown {
  if (attribute in attributes) return attributes[attribute];
  if (/^Custom::|^AWS::CloudFormation::CustomResource$/.test(type))
    throw invalid(
      `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${id}`,
    );
  if (specified(type)?.attributes.includes(attribute))
    throw notModelled(`the attribute ${attribute} of ${type}`);
  throw invalid(
    `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  );
}
