/** What CreateTable and UpdateTable may ask for. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { notModelled } from '../../errors.ts';
import { invalid, invalidParameter } from './errors.ts';
import { newIndex, type Billing, type Index, type KeyAttribute, type KeySchema } from './table.ts';

const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** Throws ValidationException. */
export function checkName(name: string, member: string): void {
  if (NAME.test(name)) return;
  throw invalid(
    name.length < 3 || name.length > 255
      ? `${member} must be at least 3 characters long and at most 255 characters long`
      : `1 validation error detected: Value '${name}' at '${member[0]!.toLowerCase()}${member.slice(1)}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
  );
}

/** The key schema with its types. Throws ValidationException. */
export function keySchema(
  elements: DDB.KeySchemaElement[] = [],
  attributes: DDB.AttributeDefinition[] = [],
): KeySchema {
  if (elements.length > 2) throw notModelled('keys of more than two attributes');
  const [first, second] = elements;
  const names = elements.map(({ AttributeName }) => AttributeName);
  const defined = attributes.map(({ AttributeName }) => AttributeName);
  if (names.some((name) => !defined.includes(name)))
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  if (second && names[0] === names[1])
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  if (first?.KeyType !== 'HASH')
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (second && second.KeyType !== 'RANGE')
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  const typed = ({ AttributeName: name }: DDB.KeySchemaElement): KeyAttribute => ({
    name: name!,
    type: attributes.find(({ AttributeName }) => AttributeName === name)!.AttributeType!,
  });
  return { hash: typed(first), range: second && typed(second) };
}

/** Throws ValidationException. */
export function billing(
  mode: DDB.BillingMode = 'PROVISIONED',
  throughput: DDB.ProvisionedThroughput | undefined,
  onDemandLimits: DDB.OnDemandThroughput | undefined,
  onDemandSince: number,
): Billing {
  if (mode === 'PAY_PER_REQUEST' && throughput)
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  if (mode === 'PROVISIONED' && !throughput)
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  return {
    mode,
    onDemandSince: mode === 'PAY_PER_REQUEST' ? onDemandSince : undefined,
    throughput,
    onDemandLimits,
  };
}

/** Throws ValidationException. */
export function checkStream({ StreamEnabled, StreamViewType }: Partial<DDB.StreamSpecification> = {}): void {
  if (StreamEnabled && !StreamViewType)
    throw invalidParameter('StreamViewType must be specified when StreamEnabled is true');
  if (!StreamEnabled && StreamViewType)
    throw invalidParameter('StreamViewType cannot be specified when StreamEnabled is false');
}

/** Throws ValidationException. */
export function globalIndex(
  input: DDB.GlobalSecondaryIndex | DDB.CreateGlobalSecondaryIndexAction,
  attributes: DDB.AttributeDefinition[],
  mode: DDB.BillingMode,
): Index {
  if (input.WarmThroughput) throw notModelled('WarmThroughput');
  checkName(input.IndexName!, 'IndexName');
  if (mode === 'PAY_PER_REQUEST' && input.ProvisionedThroughput)
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${input.IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  if (mode === 'PROVISIONED' && !input.ProvisionedThroughput)
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${input.IndexName}`);
  return newIndex({
    name: input.IndexName!,
    kind: 'global',
    schema: keySchema(input.KeySchema, attributes),
    projection: projection(input.Projection),
    throughput: input.ProvisionedThroughput,
    onDemandLimits: input.OnDemandThroughput,
  });
}

/** Throws ValidationException. */
export function localIndex(
  { IndexName, KeySchema, Projection }: DDB.LocalSecondaryIndex,
  attributes: DDB.AttributeDefinition[],
  table: KeySchema,
): Index {
  checkName(IndexName!, 'IndexName');
  if (!table.range)
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  const schema = keySchema(KeySchema, attributes);
  if (!schema.range)
    throw invalidParameter(`Index KeySchema does not have a range key for index: ${IndexName}`);
  if (schema.hash.name !== table.hash.name)
    throw invalidParameter(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${IndexName}. index hash key: ${schema.hash.name}, table hash key: ${table.hash.name}`,
    );
  return newIndex({
    name: IndexName!,
    kind: 'local',
    schema,
    projection: projection(Projection),
    throughput: undefined,
    onDemandLimits: undefined,
  });
}

function projection({ ProjectionType, NonKeyAttributes }: DDB.Projection = {}): DDB.Projection {
  if (ProjectionType === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (NonKeyAttributes && ProjectionType !== 'INCLUDE')
    throw invalidParameter(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  if (!NonKeyAttributes && ProjectionType === 'INCLUDE')
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  return { ProjectionType, ...(NonKeyAttributes ? { NonKeyAttributes } : {}) };
}

const MOST_GLOBAL = 20;
const MOST_LOCAL = 5;

/** Throws ValidationException if the indexes of a table do not go together, or use up more or fewer attributes than are defined. */
export function checkTogether(
  schema: KeySchema,
  indexes: Index[],
  attributes: DDB.AttributeDefinition[],
): void {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice}`);
  const count = (kind: Index['kind']) => indexes.filter((index) => index.kind === kind).length;
  if (count('local') > MOST_LOCAL)
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MOST_LOCAL}`);
  if (count('global') > MOST_GLOBAL)
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_GLOBAL}`);
  const used = new Set(
    [schema, ...indexes.map((index) => index.schema)].flatMap(({ hash, range }) => [hash.name, range?.name]),
  );
  const unused = attributes.filter(({ AttributeName }) => !used.has(AttributeName));
  if (unused.length === 0) return;
  throw invalidParameter(
    indexes.length === 0
      ? 'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions'
      : `Some AttributeDefinitions are not used. AttributeDefinitions: [${attributes.map((it) => it.AttributeName).join(', ')}], keys used: [${[...used].filter(Boolean).join(', ')}]`,
  );
}
