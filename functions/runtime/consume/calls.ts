/** Calls to the outside world as rows of the consumer's table: `c#<message id>`. */
import { PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What is known of earlier calls for a message. */
export interface Known {
  /** The message was handled, call and all. */
  handled: boolean;
  /** The last attempt; 0 before the first. */
  attempt: number;
  /** When it began, milliseconds since 1970. */
  at: number;
  /** Until when the last attempt may be running, milliseconds since 1970; 0 when surely nothing came of it. */
  until: number;
}

export interface Calls {
  /** By message id. Throws STORE_UNAVAILABLE. */
  known(ids: readonly string[]): Promise<Map<string, Known>>;
  /** Notes another attempt after `attempt`; false when somebody else was faster. Throws STORE_UNAVAILABLE. */
  begin(id: string, from: Omit<Known, 'handled'>): Promise<boolean>;
  /** Notes that nothing came of an attempt. Throws STORE_UNAVAILABLE. */
  undone(id: string, attempt: number): Promise<void>;
}

export interface CallsTable {
  name: string;
  dynamodb: Pick<DynamoDBClient, 'send'>;
  /** Consistent. Throws STORE_UNAVAILABLE. */
  get(pks: string[]): Promise<Record<string, AttributeValue>[]>;
  /** Throws STORE_UNAVAILABLE in place of what `call` throws. */
  reached<T>(call: () => Promise<T>): Promise<T>;
}

export function callsIn({ name: TableName, dynamodb, get, reached }: CallsTable): Calls {
  const put = (id: string, { attempt, at, until }: Omit<Known, 'handled'>, before: number) =>
    new PutItemCommand({
      TableName,
      Item: {
        pk: { S: `c#${id}` },
        attempt: { N: String(attempt) },
        at: { N: String(at) },
        until: { N: String(Math.ceil(until)) },
      },
      ConditionExpression: before === 0 ? 'attribute_not_exists(pk)' : 'attempt = :before',
      ...(before === 0 ? {} : { ExpressionAttributeValues: { ':before': { N: String(before) } } }),
    });
  return {
    async known(ids) {
      const unique = [...new Set(ids)];
      const items = await get(unique.flatMap((id) => [`m#${id}`, `c#${id}`]));
      const rows = new Map(items.map((item) => [item.pk!.S!, item]));
      return new Map(
        unique.map((id) => {
          const { attempt, at, until } = rows.get(`c#${id}`) ?? {};
          const [last, from, to] = [attempt, at, until].map((value) => Number(value?.N ?? 0));
          return [id, { handled: rows.has(`m#${id}`), attempt: last!, at: from!, until: to! }];
        }),
      );
    },

    begin: (id, { attempt, at, until }) =>
      reached(async () => {
        try {
          await dynamodb.send(put(id, { attempt: attempt + 1, at, until }, attempt));
          return true;
        } catch (error) {
          if ((error as Error).name === 'ConditionalCheckFailedException') return false;
          throw error;
        }
      }),

    undone: (id, attempt) =>
      reached(async () => void (await dynamodb.send(put(id, { attempt, at: 0, until: 0 }, attempt)))),
  };
}
