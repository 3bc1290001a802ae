import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  ExecutionStatus,
  Parameter,
  ResourceChange,
  ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import { scopeOf, type Blueprint } from './blueprint.ts';
import { changedProperties, isChanged, needsReplacement, policiesOf, type Policies } from './build.ts';
import { attributeOf, surroundingsOf, type Engine } from './engine.ts';
import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import type { OnFailure } from './deployment.ts';
import { withDynamicReferences } from './parameters.ts';
import { references } from './references.ts';
import { replaces } from './specification.ts';
import type { Stack, StackResource, StackSettings } from './stack.ts';
import { same, textOf, type Dictionary } from './values.ts';

/** What a stack would become, worked out and kept until somebody executes it. */
export interface ChangeSet {
  id: string;
  name: string;
  type: ChangeSetType;
  description?: string;
  created: number;
  status: ChangeSetStatus;
  statusReason?: string;
  executionStatus: ExecutionStatus;
  parameters: Parameter[];
  settings: StackSettings;
  text: string;
  /** @default it could not be worked out, as `statusReason` tells */
  blueprint?: Blueprint;
  changes: Change[];
  onFailure: OnFailure;
  includeNestedStacks: boolean;
}

/** A value that only the deployment will tell. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** The resources that would come, change and go. */
export async function changesTo(stack: Stack, blueprint: Blueprint, engine: Engine): Promise<Change[]> {
  /** Resources whose id or attributes only the deployment will tell. */
  const unknown = new Set<string>();
  const changes: ResourceChange[] = [];

  for (const name of blueprint.dependencies.keys()) {
    const described = blueprint.template.Resources[name]!;
    const { Type, Properties = {}, Metadata } = described;
    const standing = stack.resources.get(name);
    const before = standing?.status === 'CREATE_FAILED' ? undefined : standing;
    const scope = foreseeing(stack, blueprint, engine, unknown);
    const properties = await withDynamicReferences(
      foreseen(Properties, scope, unknown),
      engine.world,
      stack.principal,
    );
    const after = { properties, ...(Metadata ? { metadata: Metadata } : {}), ...policiesOf(described) };
    if (before && !isChanged(before, after) && changedPolicies(before, after).length === 0) continue;
    const replaced = before !== undefined && needsReplacement(before, after, engine.types);
    if (!before || replaced || GIVING_WHAT_THEY_LIKE.test(Type)) unknown.add(name);
    changes.push(before ? modification(before, after, replaced) : addition(name, Type, after));
  }
  for (const resource of stack.resources.values())
    if (!blueprint.dependencies.has(resource.logicalId)) changes.push(removal(resource));
  return changes.map((ResourceChange) => ({ Type: 'Resource', ResourceChange }));
}

/** Whether outputs or tags would change though no resource does. */
export function changesBesides(
  { blueprint, settings }: Stack,
  next: Blueprint,
  tags: StackSettings['tags'],
): boolean {
  return !same(blueprint?.template.Outputs, next.template.Outputs) || !same(settings.tags, tags);
}

/** Attributes of these may be others after every change. */
const GIVING_WHAT_THEY_LIKE = /^Custom::|^AWS::CloudFormation::/;

function foreseeing(stack: Stack, blueprint: Blueprint, engine: Engine, unknown: Set<string>): Scope {
  const standing = (name: string) => (unknown.has(name) ? undefined : stack.resources.get(name));
  return scopeOf(blueprint, surroundingsOf(stack, engine), engine.world, {
    ref: (name) => standing(name)?.id ?? KNOWN_AFTER_APPLY,
    attribute(name, attribute) {
      const resource = standing(name);
      return resource ? attributeOf(resource, attribute) : KNOWN_AFTER_APPLY;
    },
  });
}

/** A property that cannot be worked out before something else is known is itself unknown (Fn::Select from it, say). */
const foreseen = (properties: Dictionary, scope: Scope, unknown: Set<string>): Dictionary =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => {
      try {
        const resolved = resolve(value, scope);
        return resolved === NO_VALUE ? [] : [[name, resolved]];
      } catch (error) {
        if ([...references(value)].some((other) => unknown.has(other))) return [[name, KNOWN_AFTER_APPLY]];
        throw error;
      }
    }),
  );

type After = Pick<StackResource, 'properties' | 'metadata'> & Policies;

const addition = (name: string, type: string, after: After): ResourceChange => ({
  Action: 'Add',
  LogicalResourceId: name,
  ResourceType: type,
  Scope: [],
  Details: [],
  AfterContext: context(after),
});

const removal = (before: StackResource): ResourceChange => ({
  Action: 'Remove',
  LogicalResourceId: before.logicalId,
  PhysicalResourceId: before.id,
  ResourceType: before.type,
  PolicyAction: before.deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
  Scope: [],
  Details: [],
  BeforeContext: context(before),
});

function modification(before: StackResource, after: After, replaced: boolean): ResourceChange {
  const changed = changedProperties(before.properties, after.properties);
  const besides = [
    ...(same(before.metadata, after.metadata) ? [] : (['Metadata'] as const)),
    ...changedPolicies(before, after),
  ];
  return {
    Action: 'Modify',
    LogicalResourceId: before.logicalId,
    PhysicalResourceId: before.id,
    ResourceType: before.type,
    Replacement: replaced ? 'True' : 'False',
    ...(replaced
      ? { PolicyAction: before.updateReplacePolicy === 'Delete' ? 'ReplaceAndDelete' : 'ReplaceAndRetain' }
      : {}),
    Scope: [...(changed.length > 0 ? (['Properties'] as const) : []), ...besides],
    Details: [
      ...changed.map((name) => propertyDetail(before, after, name)),
      ...besides.map((Attribute): ResourceChangeDetail => ({
        Target: { Attribute, RequiresRecreation: 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      })),
    ],
    BeforeContext: context(before),
    AfterContext: context(after),
  };
}

function propertyDetail(before: StackResource, after: After, name: string): ResourceChangeDetail {
  const [old, next] = [before.properties[name], after.properties[name]];
  const dynamic = JSON.stringify(next)?.includes(KNOWN_AFTER_APPLY) ?? false;
  return {
    Target: {
      Attribute: 'Properties',
      Name: name,
      RequiresRecreation: replaces(before.type, name) ? 'Always' : 'Never',
      Path: `/Properties/${name}`,
      ...(old === undefined ? {} : { BeforeValue: textOf(old) }),
      ...(next === undefined ? {} : { AfterValue: textOf(next) }),
      AttributeChangeType: old === undefined ? 'Add' : next === undefined ? 'Remove' : 'Modify',
    },
    Evaluation: dynamic ? 'Dynamic' : 'Static',
    ChangeSource: dynamic ? 'ResourceReference' : 'DirectModification',
  };
}

/** A new policy is a change by itself, though no service hears of it. */
const changedPolicies = (before: Policies, after: Policies) => [
  ...(before.deletionPolicy === after.deletionPolicy ? [] : (['DeletionPolicy'] as const)),
  ...(before.updateReplacePolicy === after.updateReplacePolicy ? [] : (['UpdateReplacePolicy'] as const)),
];

const context = ({ properties, metadata }: After): string =>
  JSON.stringify({ Properties: properties, ...(metadata ? { Metadata: metadata } : {}) });
