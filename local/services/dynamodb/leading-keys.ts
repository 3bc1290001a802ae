/**
 * The condition key `dynamodb:LeadingKeys`: the partition keys that a call names, in one table.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
import { AwsError } from '../../errors.ts';
import { keyConditionExpression } from './expression/condition.ts';
import { partitionKey } from './expression/key-condition.ts';
import { scopeOf, type Placeholders } from './expression/scope.ts';
import type { Database, Table } from './table.ts';
import type { AttributeValue, Item } from './value.ts';

interface One {
  TableName?: string;
  Key?: Item;
  Item?: Item;
}

interface Input extends One, Placeholders {
  IndexName?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
  /** Of a BatchGetItem one of a table, of a BatchWriteItem several. */
  RequestItems?: Record<string, Request | Request[]>;
  TransactItems?: Record<string, One>[];
}

interface Request {
  Keys?: Item[];
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

/** Undefined where a call names none, as Scan does, or the table is not there. */
export const leadingKeysIn =
  ({ tables }: Database) =>
  (input: Input, arn: string): string[] | undefined => {
    const table = tables.get(arn.split('/')[1] ?? '');
    if (!table) return undefined;
    const { name } = table.schema.hash;
    const values =
      input.KeyConditionExpression === undefined
        ? itemsOf(input, table).flatMap((item) => item[name] ?? [])
        : queried(input, table);
    return values.length > 0 ? values.map(textOf) : undefined;
  };

/** Items and keys, of this table only. */
function itemsOf({ Key, Item, RequestItems = {}, TransactItems = [] }: Input, { name, arn }: Table): Item[] {
  const isThis = (reference: string | undefined) => reference === name || reference === arn;
  const requests = Object.entries(RequestItems).flatMap(([reference, request]) =>
    isThis(reference) ? request : [],
  );
  const transacted = TransactItems.flatMap((item) => Object.values(item));
  return [
    Key ?? Item,
    ...requests.flatMap(
      ({ Keys, PutRequest, DeleteRequest }) => Keys ?? PutRequest?.Item ?? DeleteRequest?.Key,
    ),
    ...transacted.filter(({ TableName }) => isThis(TableName)).map((one) => one.Key ?? one.Item),
  ].filter((item) => item !== undefined);
}

/** What cannot be read is for the operation to refuse. */
function queried(input: Input, { schema, indexes }: Table): AttributeValue[] {
  const { IndexName, KeyConditionExpression, FilterExpression, ProjectionExpression } = input;
  const { hash } = indexes.find(({ name }) => name === IndexName)?.schema ?? schema;
  try {
    const scope = scopeOf(input, { ProjectionExpression, FilterExpression, KeyConditionExpression });
    return partitionKey(keyConditionExpression(KeyConditionExpression!), scope, hash.name);
  } catch (error) {
    if (error instanceof AwsError) return [];
    throw error;
  }
}

function textOf(value: AttributeValue): string {
  const [inner] = Object.values(value) as [string | Uint8Array];
  return typeof inner === 'string' ? inner : Buffer.from(inner).toString('base64');
}
