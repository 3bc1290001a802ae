/** DynamoDB: conditions, transactions, indexes and streams, on which a commit stands. */
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  waitUntilTableExists,
  type AttributeValue,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { beforeAll, describe, expect } from 'vitest';
import { consumerTable } from '../consumer-table.ts';
import { client, eventually, fact, named, refusal } from './fact.ts';

const API = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
/** AWS's own code, on Maven as com.amazonaws:DynamoDBLocal. */
const DYNAMODB_LOCAL = 'answered so by DynamoDB Local';

type Item = Record<string, AttributeValue>;
const TableName = named('table');
const S = (text: string) => ({ S: text });
const N = (number: number | string) => ({ N: String(number) });
const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

let dynamodb: DynamoDBClient;
let stream: string;
beforeAll(async () => {
  dynamodb = client(DynamoDBClient);
  const { TableDescription } = await dynamodb.send(new CreateTableCommand(consumerTable(TableName)));
  stream = TableDescription!.LatestStreamArn!;
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName });
});

const put = (Item: Item, more: object = {}) =>
  dynamodb.send(new PutItemCommand({ TableName, Item, ...more }));
const get = async (pk: string) =>
  (await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: S(pk) }, ConsistentRead: true }))).Item;
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
const putting = (pk: string, more: object = {}) => ({ Put: { TableName, Item: { pk: S(pk) }, ...more } });

describe('a condition', () => {
  fact('that fails refuses the write, and shows the item when asked', `${API}/API_PutItem.html`, async () => {
    const pk = S(named('a'));
    await put({ pk, n: N(1) });
    const again = put({ pk }, { ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    await expect(again).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { pk, n: N(1) },
    });
  });

  fact(
    'on a version lets one of two writers through',
    `${GUIDE}/BestPractices_OptimisticLocking.html`,
    async () => {
      const pk = S(named('a'));
      await put({ pk, version: N(1) });
      const write = () =>
        put(
          { pk, version: N(2) },
          { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': N(1) } },
        );
      const outcomes = await Promise.allSettled([write(), write()]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    },
  );
});

describe('a transaction', () => {
  fact(
    'writes all or nothing, and names the reason in the order of its items',
    `${API}/API_TransactWriteItems.html`,
    async () => {
      const [there, fresh] = [named('a'), named('b')];
      await put({ pk: S(there) });
      await expect(transact([putting(fresh), putting(there, absent)])).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        message:
          'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
        CancellationReasons: [
          { Code: 'None' },
          { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        ],
      });
      expect(await get(fresh)).toBeUndefined();
    },
  );

  fact('touches an item once', DYNAMODB_LOCAL, async () => {
    const pk = named('a');
    expect(await refusal(transact([putting(pk), putting(pk)]))).toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  fact(
    'is done once by its token, and another by the same token is refused',
    `${API}/API_TransactWriteItems.html`,
    async () => {
      const pk = named('a');
      const count = (by: number) => [
        {
          Update: {
            TableName,
            Key: { pk: S(pk) },
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': N(by) },
          },
        },
      ];
      const token = named('token');
      await transact(count(1), token);
      await transact(count(1), token);
      expect(await get(pk)).toMatchObject({ n: N(1) });
      expect(await refusal(transact(count(2), token))).toMatchObject({
        name: 'IdempotentParameterMismatchException',
      });
    },
  );
});

describe('an index', () => {
  fact('holds only what has its key, in order, and pages', `${GUIDE}/GSI.html`, async () => {
    const pending = S(named('pending'));
    for (const dueAt of [10, 9, 100]) await put({ pk: S(named('o')), pending, dueAt: N(dueAt) });
    await put({ pk: S(named('o')), pending });
    const query = (more: object) =>
      dynamodb.send(
        new QueryCommand({
          TableName,
          IndexName: 'pending',
          KeyConditionExpression: 'pending = :pending AND dueAt <= :now',
          ExpressionAttributeValues: { ':pending': pending, ':now': N(50) },
          ...more,
        }),
      );
    const first = await query({ Limit: 1 });
    expect(first.Items).toMatchObject([{ dueAt: N(9) }]);
    const second = await query({ ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second.Items).toMatchObject([{ dueAt: N(10) }]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });
});

describe('an item', () => {
  fact(
    'keeps numbers to 38 digits, without trailing zeros',
    `${GUIDE}/HowItWorks.NamingRulesDataTypes.html`,
    async () => {
      const pk = named('a');
      await put({ pk: S(pk), n: N('00012.500'), m: N('12345678901234567890123456789012345678') });
      expect(await get(pk)).toMatchObject({ n: N('12.5'), m: N('12345678901234567890123456789012345678') });
    },
  );

  fact('has a key that is not empty', DYNAMODB_LOCAL, async () => {
    expect(await refusal(put({ pk: S('') }))).toMatchObject({
      name: 'ValidationException',
      message:
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    });
  });

  fact('has 400 KB at most', `${GUIDE}/Constraints.html`, async () => {
    expect(await refusal(put({ pk: S('a'), data: S('x'.repeat(400 * 1024)) }))).toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });

  fact('of a table that is not there is refused', `${API}/CommonErrors.html`, async () => {
    const missing = dynamodb.send(new GetItemCommand({ TableName: named('none'), Key: { pk: S('a') } }));
    expect(await refusal(missing)).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });
});

describe('a stream', () => {
  fact('tells of every change once, in order for each item', `${GUIDE}/Streams.html`, async () => {
    const pk = S(named('a'));
    await put({ pk, n: N(1) });
    const more = { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': N(2) } };
    await dynamodb.send(new UpdateItemCommand({ TableName, Key: { pk }, ...more }));
    await dynamodb.send(new UpdateItemCommand({ TableName, Key: { pk }, ...more })); // changes nothing: no record
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk } }));

    const streams = client(DynamoDBStreamsClient);
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: stream }));
    const of = { StreamArn: stream, ShardIteratorType: 'TRIM_HORIZON' as const };
    const ShardId = StreamDescription!.Shards![0]!.ShardId!;
    const told = await eventually(async () => {
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand({ ...of, ShardId }));
      const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
      const mine = Records.filter(({ dynamodb }) => dynamodb!.Keys!['pk']!.S === pk.S);
      return mine.length >= 3 ? mine : undefined;
    });
    expect(told.map(({ eventName, dynamodb }) => [eventName, dynamodb!.NewImage?.['n']?.N])).toEqual([
      ['INSERT', '1'],
      ['MODIFY', '2'],
      ['REMOVE', undefined],
    ]);
  });
});
