import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Aws } from '../aws.ts';

/**
 * Takes messages off the list of a parked FIFO group (`p#<group>` in the consumer's table): what is purged never comes
 * back, and whatever follows it would be dead-lettered as PARKED for ever. Does nothing for a group that is not parked.
 */
export async function unpark(
  aws: Aws,
  table: string,
  group: string,
  ids: ReadonlySet<string>,
): Promise<void> {
  const dynamodb = aws(DynamoDBClient);
  const pk = { S: `p#${group}` };
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
  );
  const parked = JSON.parse(Item?.state?.S ?? '[]') as string[];
  const left = parked.filter((id) => !ids.has(id));
  if (left.length === parked.length) return;
  const read = Item!.version!;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk, state: { S: JSON.stringify(left) }, version: { N: String(Number(read.N) + 1) } },
        ConditionExpression: 'version = :read',
        ExpressionAttributeValues: { ':read': read },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    await unpark(aws, table, group, ids); // one more was parked, or released, meanwhile
  }
}
