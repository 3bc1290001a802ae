/** A template together with its parameters: what a stack is to become. */
import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { Principal } from '../principal.ts';
import type { World } from '../world.ts';
import { holds, NO_VALUE, type Scope } from './intrinsics.ts';
import { parameterValues, type ParameterValues } from './parameters.ts';
import { checkReferences, inOrderOfDependency, references } from './references.ts';
import { invalid, malformed, parseTemplate, type Template, type TemplateResource } from './template.ts';
import type { Dictionary } from './values.ts';

export interface Blueprint {
  /** As it was sent. */
  text: string;
  template: Template;
  parameters: ParameterValues;
  conditions: Record<string, boolean>;
  tags: Tag[];
  /** The resources whose condition holds, each with what must be there before it; in an order that respects this. */
  dependencies: Map<string, string[]>;
}

export interface BlueprintOptions {
  text: string;
  parameters: Parameter[];
  /** The values of the last deployment, for UsePreviousValue. */
  previous: ParameterValues;
  tags: Tag[];
}

/** The pseudo parameters of one stack, and what its template imports. */
export interface Surroundings {
  stackId: string;
  stackName: string;
  notificationArns: string[];
  importValue(name: string): unknown;
}

export async function blueprint(
  { text, parameters: given, previous, tags }: BlueprintOptions,
  surroundings: Surroundings,
  world: World,
  principal: Principal,
): Promise<Blueprint> {
  const template = parseTemplate(text);
  checkReferences(template);
  const parameters = await parameterValues(template, given, previous, world, principal);
  const made: Blueprint = { text, template, parameters, tags, conditions: {}, dependencies: new Map() };
  const scope = scopeOf(made, surroundings, world, NO_RESOURCES);
  for (const name of Object.keys(template.Conditions)) scope.condition(name);
  checkRules(template, scope);
  made.dependencies = dependenciesOf(made);
  return made;
}

/** What `Ref` and `Fn::GetAtt` give for resources: the only part of a scope that depends on how far the stack has come. */
export interface Resources {
  ref(name: string): unknown;
  attribute(name: string, attribute: string): unknown;
}

export function scopeOf(
  { template, parameters, conditions }: Blueprint,
  { stackId, stackName, notificationArns, importValue }: Surroundings,
  { account, region }: World,
  resources: Resources,
): Scope {
  const pseudo: Dictionary = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackId': stackId,
    'AWS::StackName': stackName,
    'AWS::NotificationARNs': notificationArns,
  };
  const scope: Scope = {
    region,
    ref: (name) =>
      name === 'AWS::NoValue' ? NO_VALUE : (pseudo[name] ?? parameters[name]?.value ?? resources.ref(name)),
    attribute: resources.attribute,
    mapping: (name) => template.Mappings[name],
    condition(name) {
      if (!(name in template.Conditions))
        throw malformed(
          `Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
        );
      return (conditions[name] ??= holds(template.Conditions[name], scope));
    },
    importValue,
  };
  return scope;
}

const NO_RESOURCES: Resources = {
  ref(name) {
    throw malformed(
      `Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
    );
  },
  attribute: (name) => NO_RESOURCES.ref(name),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
function checkRules({ Rules }: Template, scope: Scope): void {
  for (const { RuleCondition = true, Assertions } of Object.values(Rules)) {
    if (RuleCondition !== true && !holds(RuleCondition, scope)) continue;
    for (const { Assert, AssertDescription = 'Rule assertion failed' } of Assertions)
      if (!holds(Assert, scope)) throw invalid(`Template validation error: ${AssertDescription}`);
  }
}

function dependenciesOf({ template: { Resources }, conditions }: Blueprint): Map<string, string[]> {
  const included = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || conditions[Condition],
  );
  const names = new Set(included.map(([name]) => name));
  const before = ([name, { Properties, DependsOn }]: [string, TemplateResource]) => {
    const on = [
      ...references(Properties, (condition) => conditions[condition] ?? false),
      ...[DependsOn ?? []].flat(),
    ];
    return [name, [...new Set(on)].filter((other) => names.has(other))] as const;
  };
  return inOrderOfDependency(new Map(included.map(before)));
}
