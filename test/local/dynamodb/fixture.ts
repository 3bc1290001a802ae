import * as DDB from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterEach } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let started: Local[] = [];

afterEach(async () => {
  for (const aws of started) await aws.stop();
  started = [];
});

/** An embedded AWS with its clients; ends with the test. */
export async function dynamodb() {
  const aws = await startLocal();
  started.push(aws);
  return { aws, db: aws.client(DDB.DynamoDBClient), streams: aws.client(DynamoDBStreamsClient) };
}

/** A table of `pk` (S) alone, or of `pk` and `sk` (N). */
export const table = (
  TableName: string,
  more: Partial<DDB.CreateTableCommandInput> & { sorted?: boolean } = {},
): DDB.CreateTableCommandInput => {
  const { sorted = false, ...rest } = more;
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      ...(sorted ? [{ AttributeName: 'sk', KeyType: 'RANGE' as const }] : []),
    ],
    ...rest,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      ...(sorted ? [{ AttributeName: 'sk', AttributeType: 'N' as const }] : []),
      ...(rest.AttributeDefinitions ?? []),
    ],
  };
};

/** An embedded AWS with one table, `orders`. */
export async function withTable(more: Parameters<typeof table>[1] = {}) {
  const { db, ...rest } = await dynamodb();
  const { TableDescription } = await db.send(new DDB.CreateTableCommand(table('orders', more)));
  return { db, ...rest, streamArn: TableDescription!.LatestStreamArn! };
}
