import * as DynamoDB from '@aws-sdk/client-dynamodb';
import * as Lambda from '@aws-sdk/client-lambda';
import * as SQS from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { recording, seenBy, startFunctions, type Functions } from '../lambda/fixture.ts';
import { copyOf, newFolder, startKept } from './killed.ts';

/** Functions in a folder, and how the next process goes on with them. */
async function startKeptFunctions() {
  const data = newFolder();
  const aws = await startFunctions({ data });
  onTestFinished(() => aws.stop());
  const killed = async () => {
    const next = await startKept({ data: copyOf(data) });
    return { ...next, lambda: next.client(Lambda.LambdaClient) };
  };
  return { aws, killed };
}

const seen = <Event>(aws: object) => seenBy<Event>(aws as Functions);

test('functions, versions, aliases, permissions and layers are kept, and run', async () => {
  const { aws, killed } = await startKeptFunctions();
  await aws.make(await recording('return "old";'), { Tags: { team: 'shop' } });
  await aws.lambda.send(new Lambda.PublishVersionCommand({ FunctionName: 'f' }));
  await aws.lambda.send(
    new Lambda.CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }),
  );
  await aws.lambda.send(
    new Lambda.AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 'all',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    }),
  );
  const described = async ({ lambda }: { lambda: Lambda.LambdaClient }) => {
    const get = { FunctionName: 'f' };
    const { Configuration, Tags, Code } = await lambda.send(new Lambda.GetFunctionCommand(get));
    const { Policy } = await lambda.send(new Lambda.GetPolicyCommand(get));
    const { Versions } = await lambda.send(new Lambda.ListVersionsByFunctionCommand(get));
    return { Configuration, Tags, Code, Policy, Versions };
  };
  const next = await killed();
  expect(await described(next)).toEqual(await described(aws));
  const { Payload } = await next.lambda.send(
    new Lambda.InvokeCommand({ FunctionName: 'f', Qualifier: 'live' }),
  );
  expect(Payload!.transformToString()).toBe('"old"');
});

test('an accepted event that failed is tried again by the next process, as often as was left', async () => {
  const { aws, killed } = await startKeptFunctions();
  await aws.make(await recording('throw new Error("no");'));
  await aws.lambda.send(
    new Lambda.InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: '{"n":1}' }),
  );
  await aws.advance('90s');
  expect(await seen(aws)).toHaveLength(2);
  const next = await killed();
  await next.advance('1h');
  expect(await seen(next)).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
});

test('the mapping of a queue goes on', async () => {
  const { aws, killed } = await startKeptFunctions();
  await aws.make(await recording());
  const sqs = aws.client(SQS.SQSClient);
  const { QueueUrl } = await sqs.send(new SQS.CreateQueueCommand({ QueueName: 'orders' }));
  await aws.lambda.send(
    new Lambda.CreateEventSourceMappingCommand({
      FunctionName: 'f',
      EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
    }),
  );
  const next = await killed();
  await next.client(SQS.SQSClient).send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
  await next.advance('1s');
  expect(await seen(next)).toMatchObject([{ Records: [{ body: 'one' }] }]);
});

test.each(['TRIM_HORIZON', 'LATEST'] as const)(
  'the mapping of a stream from %s goes on after what is done, and misses nothing',
  async (StartingPosition) => {
    const { aws, killed } = await startKeptFunctions();
    await aws.make(await recording('if (event.Records[0].dynamodb.Keys.pk.S === "bad") throw new Error();'));
    const { TableDescription } = await aws.client(DynamoDB.DynamoDBClient).send(
      new DynamoDB.CreateTableCommand({
        TableName: 'table',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    const put = (at: Pick<Functions, 'client'>, pk: string) =>
      at
        .client(DynamoDB.DynamoDBClient)
        .send(new DynamoDB.PutItemCommand({ TableName: 'table', Item: { pk: { S: pk } } }));
    interface Event {
      Records: { dynamodb: { Keys: { pk: { S: string } } } }[];
    }
    const keys = async (at: object) =>
      (await seen<Event>(at)).flatMap(({ Records }) => Records.map(({ dynamodb }) => dynamodb.Keys.pk.S));

    await put(aws, 'before');
    await aws.advance('10s');
    await aws.lambda.send(
      new Lambda.CreateEventSourceMappingCommand({
        FunctionName: 'f',
        EventSourceArn: TableDescription!.LatestStreamArn!,
        StartingPosition,
        BatchSize: 1,
      }),
    );
    const early = StartingPosition === 'LATEST' ? [] : ['before'];
    const unread = await killed();
    await put(unread, 'one');
    await unread.advance('1s');
    expect(await keys(unread)).toEqual([...early, 'one']);

    await put(aws, 'one');
    await aws.advance('1s');
    await put(aws, 'bad');
    await aws.advance('1s');
    expect(await keys(aws)).toEqual([...early, 'one', 'bad']);
    const next = await killed();
    await put(next, 'two');
    await next.advance('1s');
    expect(await keys(next)).toEqual([...early, 'one', 'bad', 'bad']);
  },
);
