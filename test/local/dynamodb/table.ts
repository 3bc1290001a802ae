import type * as DDB from '@aws-sdk/client-dynamodb';

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
