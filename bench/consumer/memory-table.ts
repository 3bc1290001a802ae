import {
  ConditionalCheckFailedException,
  type AttributeValue,
  type BatchGetItemCommandInput,
  type DynamoDBClient,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** As much of DynamoDB as commits need, in a map; conditions are checked as far as there are any. */
export function memoryTable() {
  const rows = new Map<string, Item>();
  const get = ({ RequestItems = {} }: BatchGetItemCommandInput) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems).map(([table, { Keys = [] }]) => [
        table,
        Keys.map(({ pk }) => rows.get(pk!.S!)).filter((row) => row !== undefined),
      ]),
    ),
  });
  const transact = ({ TransactItems = [] }: TransactWriteItemsCommandInput) => {
    const reasons = TransactItems.map(({ Put }) => {
      const before = rows.get(Put!.Item!.pk!.S!);
      const read = Put!.ExpressionAttributeValues?.[':read']?.N;
      const holds =
        Put!.ConditionExpression === undefined ||
        (read === undefined ? !before : before?.version?.N === read);
      return holds ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: before };
    });
    if (reasons.some(({ Code }) => Code !== 'None'))
      throw Object.assign(
        new ConditionalCheckFailedException({ message: 'Transaction cancelled', $metadata: {} }),
        { name: 'TransactionCanceledException', CancellationReasons: reasons },
      );
    for (const { Put } of TransactItems) rows.set(Put!.Item!.pk!.S!, Put!.Item!);
    return {};
  };
  const send = async (command: { input: object }) =>
    'RequestItems' in command.input
      ? get(command.input as BatchGetItemCommandInput)
      : transact(command.input as TransactWriteItemsCommandInput);
  return {
    send: send as unknown as DynamoDBClient['send'],
    /** Those of which the key begins with `prefix`. */
    items: (prefix: string) => [...rows.values()].filter(({ pk }) => pk!.S!.startsWith(prefix)),
  };
}
