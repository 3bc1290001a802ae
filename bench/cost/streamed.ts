import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';

/** What the stream of a table holds, as Lambda hands it over: inserts of which the key begins with `prefix`. */
export async function streamed(
  TableName: string,
  prefix: string,
  { dynamodb, streams }: { dynamodb: DynamoDBClient; streams: DynamoDBStreamsClient },
): Promise<DynamoDBRecord[]> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table!.LatestStreamArn!;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const found: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription!.Shards ?? []) {
    const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await streams.send(new GetShardIteratorCommand(start));
    while (ShardIterator) {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
      if (!page.Records?.length) break;
      found.push(...(page.Records as DynamoDBRecord[]));
      ShardIterator = page.NextShardIterator;
    }
  }
  return found
    .filter(({ eventName, dynamodb }) => eventName === 'INSERT' && dynamodb?.Keys?.pk?.S?.startsWith(prefix))
    .map((record) => ({ ...record, eventSourceARN: StreamArn }));
}
