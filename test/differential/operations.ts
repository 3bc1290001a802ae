/** Random operations on two small tables: few keys and few attributes, so that they meet. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { condition, number, oneOf, path, string, updateText, value } from './expressions.ts';

export interface Step {
  operation: string;
  input: Record<string, unknown>;
}

const hashKey = oneOf('a', 'b', 'é').map((S) => ({ S }));
const rangeKey = oneOf('-10', '-1.5', '0', '1', '2.0', '10').map((N) => ({ N }));
export const TABLES = ['plain', 'sorted'] as const;

const key = (table: string) =>
  table === 'plain' ? fc.record({ pk: hashKey }) : fc.record({ pk: hashKey, sk: rangeKey });
const attributes = fc.dictionary(oneOf('a', 'b', 'c'), value, { maxKeys: 3 });
/** The key of the global index, and that of the local one, mostly of the right type. */
const indexed = fc.record(
  { g: oneOf('x', 'y').map((S) => ({ S })), l: oneOf('p', 'q', 'pq', 'é').map((S) => ({ S })) },
  { requiredKeys: [] },
);
const item = (table: string) =>
  fc
    .tuple(key(table), attributes, indexed)
    .map((parts) => Object.assign({}, ...parts) as Record<string, AttributeValue>);

/** Adds the names and values that the expressions use. */
const withPlaceholders = (input: Record<string, unknown>, values: AttributeValue[]) => {
  const text = Object.entries(input)
    .filter(([name]) => name.endsWith('Expression'))
    .map(([, it]) => it)
    .join(' ');
  const used = Object.fromEntries(
    values.map((it, i) => [`:v${i}`, it] as const).filter(([name]) => text.includes(name)),
  );
  return {
    ...input,
    ...(text.includes('#n') ? { ExpressionAttributeNames: { '#n': 'b' } } : {}),
    ...(Object.keys(used).length > 0 ? { ExpressionAttributeValues: used } : {}),
  };
};
const values = fc.array(
  fc.oneof(
    value,
    number.map((N) => ({ N })),
    string.map((S) => ({ S })),
  ),
  { minLength: 3, maxLength: 3 },
);
const sometimes = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined, freq: 1 });
const withoutUndefined = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([, it]) => it !== undefined));

const projection = fc.uniqueArray(path, { minLength: 1, maxLength: 3 }).map((all) => all.join(', '));
const capacity = sometimes(oneOf('TOTAL', 'INDEXES'));
const onFailure = sometimes(oneOf('ALL_OLD'));

const conditional = (TableName: string) => ({
  TableName: fc.constant(TableName),
  ConditionExpression: sometimes(condition),
  ReturnValuesOnConditionCheckFailure: onFailure,
});
const prepared = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.tuple(fc.record(fields), values).map(([input, all]) => withPlaceholders(withoutUndefined(input), all));
const puts = (table: string) => ({ ...conditional(table), Item: item(table) });
const deletes = (table: string) => ({ ...conditional(table), Key: key(table) });
const updates = (table: string) => ({ ...conditional(table), Key: key(table), UpdateExpression: updateText });
const step = (operation: string, input: fc.Arbitrary<Record<string, unknown>>) =>
  input.map((it): Step => ({ operation, input: it }));

const writes = (table: string) => [
  step(
    'PutItem',
    prepared({ ...puts(table), ReturnValues: sometimes(oneOf('ALL_OLD')), ReturnConsumedCapacity: capacity }),
  ),
  step(
    'DeleteItem',
    prepared({
      ...deletes(table),
      ReturnValues: sometimes(oneOf('ALL_OLD')),
      ReturnConsumedCapacity: capacity,
    }),
  ),
  step(
    'UpdateItem',
    prepared({
      ...updates(table),
      ReturnValues: sometimes(oneOf('ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW')),
      ReturnConsumedCapacity: capacity,
    }),
  ),
];

const transaction = step(
  'TransactWriteItems',
  fc
    .array(
      oneOf(...TABLES).chain((table) =>
        fc.oneof(
          prepared(puts(table)).map((Put) => ({ Put })),
          prepared(deletes(table)).map((Delete) => ({ Delete })),
          prepared(updates(table)).map((Update) => ({ Update })),
          prepared({ ...deletes(table), ConditionExpression: condition }).map((ConditionCheck) => ({
            ConditionCheck,
          })),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((TransactItems) => ({ TransactItems, ReturnConsumedCapacity: 'INDEXES' })),
);

const page = { Limit: sometimes(oneOf(1, 2, 3)), ScanIndexForward: sometimes(fc.boolean()) };
const keyCondition = oneOf(
  'pk = :v0',
  'pk = :v0 AND sk = :v1',
  'pk = :v0 AND sk > :v1',
  ':v1 >= sk AND pk = :v0',
  'pk = :v0 AND sk BETWEEN :v1 AND :v2',
  'pk = :v0 AND sk <= :v1',
  'pk = :v0 AND begins_with(sk, :v1)',
  'sk = :v1',
  'pk > :v0',
  'pk = :v0 AND a = :v1',
);
const query = step(
  'Query',
  fc
    .tuple(
      fc.record({
        TableName: fc.constant('sorted'),
        KeyConditionExpression: keyCondition,
        ...page,
        ConsistentRead: sometimes(fc.boolean()),
      }),
      hashKey,
      rangeKey,
      rangeKey,
    )
    .map(([input, ...keys]) => withPlaceholders(withoutUndefined(input), keys)),
);
const indexQuery = step(
  'Query',
  fc
    .tuple(
      fc.record({
        TableName: fc.constant('sorted'),
        IndexName: oneOf('global', 'local'),
        KeyConditionExpression: oneOf(
          'g = :v0',
          'pk = :v1',
          'pk = :v1 AND l > :v2',
          'pk = :v1 AND begins_with(l, :v2)',
          'g = :v0 AND sk > :v1',
        ),
        ProjectionExpression: sometimes(projection),
        ...page,
      }),
      oneOf({ S: 'x' }, { S: 'y' }),
      hashKey,
      oneOf({ S: 'p' }, { S: 'q' }),
    )
    .map(([input, ...keys]) => withPlaceholders(withoutUndefined(input), keys)),
);

const reads = (table: string) => [
  step(
    'GetItem',
    prepared({
      TableName: fc.constant(table),
      Key: key(table),
      ProjectionExpression: sometimes(projection),
      ReturnConsumedCapacity: capacity,
    }),
  ),
  step(
    'Scan',
    prepared({
      TableName: fc.constant(table),
      FilterExpression: sometimes(condition),
      ProjectionExpression: sometimes(projection),
    }),
  ),
];

const startKey = sometimes(fc.record({ pk: hashKey, sk: rangeKey }));
const laterPage = step(
  'Query',
  fc
    .tuple(
      fc.record({
        TableName: fc.constant('sorted'),
        KeyConditionExpression: oneOf('pk = :v0', 'pk = :v0 AND sk > :v1'),
        FilterExpression: sometimes(oneOf('attribute_exists(a)', 'g = :v2', 'sk = :v1')),
        ExclusiveStartKey: startKey,
        Select: sometimes(oneOf('COUNT', 'ALL_ATTRIBUTES')),
        ReturnConsumedCapacity: capacity,
        ...page,
      }),
      hashKey,
      rangeKey,
      oneOf({ S: 'x' }, { S: 'y' }),
    )
    .map(([input, ...keys]) => withPlaceholders(withoutUndefined(input), keys)),
);

const batches = [
  step(
    'BatchWriteItem',
    fc
      .array(
        fc.oneof(
          item('plain').map((Item) => ({ PutRequest: { Item } })),
          key('plain').map((Key) => ({ DeleteRequest: { Key } })),
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((plain) => ({ RequestItems: { plain }, ReturnConsumedCapacity: 'TOTAL' })),
  ),
  step(
    'BatchGetItem',
    fc
      .tuple(
        fc.array(key('plain'), { minLength: 1, maxLength: 2 }),
        fc.array(key('sorted'), { minLength: 1, maxLength: 2 }),
      )
      .map(([plain, sorted]) => ({
        RequestItems: { plain: { Keys: plain }, sorted: { Keys: sorted, ProjectionExpression: 'a, pk' } },
      })),
  ),
  step(
    'TransactGetItems',
    fc
      .array(
        oneOf(...TABLES).chain((TableName) => key(TableName).map((Key) => ({ Get: { TableName, Key } }))),
        { minLength: 1, maxLength: 3 },
      )
      .map((TransactItems) => ({ TransactItems, ReturnConsumedCapacity: 'TOTAL' })),
  ),
];

export const steps = fc.array(
  fc.oneof(
    ...TABLES.flatMap((table) => [...writes(table), ...writes(table), ...reads(table)]),
    transaction,
    transaction,
    query,
    query,
    indexQuery,
    laterPage,
    ...batches,
  ),
  { minLength: 1, maxLength: 25 },
);
