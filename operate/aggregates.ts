import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Aws } from './aws.ts';

/** Every aggregate of a consumer, as its table has it now: consistent item by item, not as a whole. */
export async function* aggregates<State>(aws: Aws, TableName: string): AsyncGenerator<State> {
  const pages = paginateScan(
    { client: aws(DynamoDBClient) },
    {
      TableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :aggregate)',
      ProjectionExpression: '#state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':aggregate': { S: 'a#' } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { state } of Items) if (state?.S !== undefined) yield JSON.parse(state.S) as State;
  }
}
