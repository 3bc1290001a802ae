import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Local } from '../../../local/index.ts';

/** Makes `table`, with the key `pk` and a stream of new images. Answers the stream's ARN. */
export async function streamedTable(aws: Pick<Local, 'client'>): Promise<string> {
  const { TableDescription } = await aws.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  return TableDescription!.LatestStreamArn!;
}
