import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlainJson10, PlainJson11 } from '../../functions/runtime/plain-json.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { openTo } from '../queue-policy.ts';

const TEXT = 'é "quoted" \\ \u2028 \u{1F600}\n\t';
let aws: Local;

beforeAll(async () => void (aws = await startLocal()));
afterAll(() => aws.stop());

test('an item is written as it is, and what is undefined is left out', async () => {
  const dynamodb = aws.client(DynamoDBClient);
  const TableName = 'items';
  const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' as const }];
  const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' as const }];
  await dynamodb.send(
    new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
  );
  const Item = { pk: { S: TEXT }, n: { N: '12.50' } };
  await aws.client(DynamoDBClient, { protocol: PlainJson10 }).send(
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName, Item, ConditionExpression: undefined } }],
    }),
  );
  const read = await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: TEXT } } }));
  expect(read.Item).toEqual({ pk: { S: TEXT }, n: { N: '12.5' } });
});

test('a message and an event arrive as they were sent', async () => {
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'texts', Attributes: { Policy: openTo('events.amazonaws.com') } }),
  );
  await aws
    .client(SQSClient, { protocol: PlainJson10 })
    .send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody: TEXT }] }));

  const eventbridge = aws.client(EventBridgeClient, { protocol: PlainJson11 });
  await eventbridge.send(
    new PutRuleCommand({ Name: 'texts', EventPattern: JSON.stringify({ source: [TEXT] }) }),
  );
  const Arn = `arn:aws:sqs:${aws.world.region}:000000000000:texts`;
  await eventbridge.send(
    new PutTargetsCommand({ Rule: 'texts', Targets: [{ Id: 'q', Arn, InputPath: '$.detail' }] }),
  );
  const Detail = JSON.stringify({ TEXT });
  await eventbridge.send(new PutEventsCommand({ Entries: [{ Source: TEXT, DetailType: 'text', Detail }] }));
  await aws.advance('1s');

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(new Set(Messages.map(({ Body }) => Body))).toEqual(new Set([Detail, TEXT]));
});
