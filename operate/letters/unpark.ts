import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { parkedKey, parkedRow, waitingIn } from '../../functions/runtime/consume/parking.ts';
import { aggregateRow } from '../../functions/runtime/consume/rows.ts';
import type { Aws } from '../aws.ts';

/**
 * Takes messages off the list of a parked FIFO group: what is purged never comes back, and whatever follows it would be
 * dead-lettered as PARKED for ever. Does nothing for a group that is not parked.
 */
export async function unpark(
  aws: Aws,
  table: string,
  group: string,
  ids: ReadonlySet<string>,
): Promise<void> {
  const dynamodb = aws(DynamoDBClient);
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: parkedKey(group) } }, ConsistentRead: true }),
  );
  const parked = { text: Item?.state?.S, version: Number(Item?.version?.N ?? 0) };
  const waiting = waitingIn(parked, Date.now());
  const left = waiting.filter(([id]) => !ids.has(id));
  if (left.length === waiting.length) return;
  try {
    await dynamodb.send(new PutItemCommand(aggregateRow(table, parkedRow(group, parked, left))));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    await unpark(aws, table, group, ids); // one more was parked, or released, meanwhile
  }
}
