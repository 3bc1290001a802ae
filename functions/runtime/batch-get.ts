import {
  BatchGetItemCommand,
  type AttributeValue,
  type BatchGetItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { pause, type Ambient } from './ambient.ts';
import { Unavailable } from './errors.ts';

type Item = Record<string, AttributeValue>;

/**
 * Items of a table by `pk`, at most 100, consistent and in any order; those that do not exist are missing. All or, with
 * STORE_UNAVAILABLE, none: DynamoDB may leave keys unread, which are asked for again eight times.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export async function batchGet(
  table: string,
  pks: readonly string[],
  send: (command: BatchGetItemCommand) => Promise<BatchGetItemCommandOutput>,
  ambient: Ambient,
): Promise<Item[]> {
  const items: Item[] = [];
  let Keys: Item[] | undefined = pks.map((pk) => ({ pk: { S: pk } }));
  for (let attempt = 1; Keys?.length; attempt++) {
    if (attempt > MAX_ATTEMPTS)
      throw new Unavailable('DynamoDB left keys unread', { code: 'STORE_UNAVAILABLE' });
    if (attempt > 1) await pause(ambient, attempt - 1, 20, 500);
    const answer = await send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[table] ?? []));
    Keys = answer.UnprocessedKeys?.[table]?.Keys;
  }
  return items;
}

const MAX_ATTEMPTS = 8;
