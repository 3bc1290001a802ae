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

/** How many aggregates of a consumer there are whose state does not contain a text. */
export async function countAggregates(aws: Aws, TableName: string, without: string): Promise<number> {
  let count = 0;
  const pages = paginateScan(
    { client: aws(DynamoDBClient) },
    {
      TableName,
      FilterExpression: 'begins_with(pk, :aggregate) AND NOT contains(#state, :without)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':aggregate': { S: 'a#' }, ':without': { S: without } },
      Select: 'COUNT',
    },
  );
  for await (const { Count = 0 } of pages) count += Count;
  return count;
}
