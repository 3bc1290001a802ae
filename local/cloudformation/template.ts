/** A template's text, JSON or YAML, as CloudFormation reads it. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { AwsError, notModelled } from '../errors.ts';
import { isDictionary, type Dictionary } from './values.ts';

export interface Template {
  Description?: string;
  Metadata?: Dictionary;
  Transform?: string | string[];
  Parameters: Record<string, TemplateParameter>;
  Mappings: Record<string, Dictionary>;
  Conditions: Dictionary;
  Rules: Record<string, TemplateRule>;
  Resources: Record<string, TemplateResource>;
  Outputs: Record<string, TemplateOutput>;
}

export interface TemplateParameter {
  Type: string;
  Default?: string | number | boolean;
  Description?: string;
  AllowedValues?: unknown[];
  AllowedPattern?: string;
  ConstraintDescription?: string;
  MinLength?: number;
  MaxLength?: number;
  MinValue?: number;
  MaxValue?: number;
  NoEcho?: boolean | string;
}

export interface TemplateRule {
  RuleCondition?: unknown;
  Assertions: { Assert: unknown; AssertDescription?: string }[];
}

export interface TemplateResource {
  Type: string;
  Properties?: Dictionary;
  Metadata?: Dictionary;
  Condition?: string;
  DependsOn?: string | string[];
  DeletionPolicy?: Policy;
  UpdateReplacePolicy?: Policy;
}

/** `Snapshot` is refused: no modelled type has snapshots. */
export type Policy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface TemplateOutput {
  Value: unknown;
  Description?: string;
  Condition?: string;
  Export?: { Name: unknown };
}

/** Bytes of a template given in the request. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const LONGEST_INLINE_TEMPLATE = 51_200;
/** Bytes of one that lies in S3. */
export const LONGEST_TEMPLATE = 1_000_000;

/** Loaded with the first template that is YAML; what the CDK deploys is JSON. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof Yaml;

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
export const malformed = (message: string): AwsError => invalid(`Template format error: ${message}`);

/** Reads and checks the anatomy; what the parts refer to is checked by `references.ts`. */
export function parseTemplate(text: string): Template {
  const read = readText(text);
  for (const section of Object.keys(read))
    if (!SECTIONS.has(section)) throw invalid(`Invalid template property or properties [${section}]`);
  refuseTransforms(read['Transform']);
  const template = {
    Parameters: {},
    Mappings: {},
    Conditions: {},
    Rules: {},
    Outputs: {},
    ...read,
  } as unknown as Template;
  checkResources(template.Resources);
  return template;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
]);

const RESOURCE_MEMBERS = new Set([
  'Type',
  'Properties',
  'Metadata',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
]);

function readText(text: string): Dictionary {
  let read: unknown;
  try {
    read = text.trimStart().startsWith('{')
      ? JSON.parse(text)
      : yaml().parse(text, { customTags: SHORT_FORMS, logLevel: 'error' });
  } catch (error) {
    throw malformed(
      `${text.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${String(error)})`,
    );
  }
  if (!isDictionary(read)) throw malformed('unsupported structure.');
  return read;
}

function refuseTransforms(transform: unknown): void {
  for (const name of transform === undefined ? [] : [transform].flat())
    if (name !== 'AWS::LanguageExtensions')
      throw notModelled(`the template transform ${JSON.stringify(name)}`);
}

function checkResources(resources: unknown): void {
  if (!isDictionary(resources) || Object.keys(resources).length === 0)
    throw malformed('At least one Resources member must be defined.');
  for (const [name, resource] of Object.entries(resources)) {
    if (name.startsWith('Fn::ForEach')) throw notModelled('Fn::ForEach');
    if (!isDictionary(resource)) throw malformed('Any Resources member must be an object.');
    if (typeof resource['Type'] !== 'string')
      throw malformed(`[/Resources/${name}] Every Resources object must contain a Type member.`);
    if (!/^[A-Za-z0-9]+$/.test(name)) throw malformed(`Resource name ${name} is non alphanumeric.`);
    for (const member of Object.keys(resource))
      if (!RESOURCE_MEMBERS.has(member)) throw invalid(`Invalid template resource property '${member}'`);
    for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy'])
      if (resource[policy] === 'Snapshot') throw notModelled(`${policy} Snapshot for ${resource['Type']}`);
    for (const policy of ['CreationPolicy', 'UpdatePolicy'])
      if (resource[policy] !== undefined) throw notModelled(`${policy} for ${resource['Type']}`);
  }
}

/** `!Sub x` is `{ "Fn::Sub": "x" }`, whatever stands behind the tag. */
const SHORT_FORMS = [
  'Ref',
  'Condition',
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ForEach',
].flatMap((name): (Yaml.ScalarTag | Yaml.CollectionTag)[] => {
  const tag = `!${name}`;
  const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (value: unknown) => ({ [long]: value });
  return [
    { tag, resolve: (text) => wrap(text) },
    { tag, collection: 'seq', resolve: (node) => wrap(plain(node)) },
    { tag, collection: 'map', resolve: (node) => wrap(plain(node)) },
  ];
});

const plain = (node: unknown): unknown => (node as Yaml.YAMLMap | Yaml.YAMLSeq).toJSON();
