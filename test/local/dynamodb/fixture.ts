import * as DDB from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterEach } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { table } from './table.ts';

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

/** An embedded AWS with one table, `orders`. */
export async function withTable(more: Parameters<typeof table>[1] = {}) {
  const { db, ...rest } = await dynamodb();
  const { TableDescription } = await db.send(new DDB.CreateTableCommand(table('orders', more)));
  return { db, ...rest, streamArn: TableDescription!.LatestStreamArn! };
}
