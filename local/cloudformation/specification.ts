/** What a resource type accepts, which of its attributes can be read, and which changes need a new resource. */
import { readFileSync } from 'node:fs';

/** Extracted from `@aws-cdk/aws-service-spec` by `extract.ts`. */
export interface Specification {
  types: Record<string, TypeSpecification>;
  definitions: Record<string, Record<string, PropertySpecification>>;
}

export interface TypeSpecification {
  properties: Record<string, PropertySpecification>;
  attributes: string[];
}

export interface PropertySpecification {
  shape: Shape;
  required?: boolean;
  /** `maybe`: some changes of it need a new resource. @default `no` */
  replaces?: 'yes' | 'maybe';
}

export type Shape =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'json'
  | 'null'
  | { list: Shape }
  | { map: Shape }
  | { any: Shape[] }
  | { definition: string };

export const SPECIFICATION = new URL('./specification.json', import.meta.url);

let read: Specification | undefined;

/** Read once a process, when the first template needs it. */
export const specification = (): Specification =>
  (read ??= JSON.parse(readFileSync(SPECIFICATION, 'utf8')) as Specification);

/** `undefined` for a type of which nothing is specified: custom resources, which take any property, and CDK's own metadata. */
export const specified = (type: string): TypeSpecification | undefined => {
  const found = type === 'AWS::CloudFormation::CustomResource' ? undefined : specification().types[type];
  return found && { ...found, attributes: [...found.attributes, ...(UNLISTED_ATTRIBUTES[type] ?? [])] };
};

/** Whether a change of this property needs a new resource. */
export const replaces = (type: string, property: string): boolean =>
  REPLACING[type]?.[property] ?? specification().types[type]?.properties[property]?.replaces === 'yes';

/**
 * Where the specification says `maybe`, is silent or wrong.
 * - A table's keys and its local indexes, which only CreateTable takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 * - A custom resource's token, which cannot be changed at all: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
const REPLACING: Record<string, Record<string, boolean>> = {
  'AWS::DynamoDB::Table': { KeySchema: true, LocalSecondaryIndexes: true },
  'AWS::DynamoDB::GlobalTable': { KeySchema: true },
  'AWS::CloudFormation::CustomResource': { ServiceToken: false },
};

/** Attributes that AWS answers though the specification lists them as properties only. */
const UNLISTED_ATTRIBUTES: Record<string, string[]> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
  'AWS::SSM::Parameter': ['Type', 'Value'],
};
