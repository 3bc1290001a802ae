import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateBackupCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, expect, test } from 'vitest';
import { virtualClock, type Clock } from '../../local/clock.ts';
import { startLocal, type Local, type LocalOptions } from '../../local/index.ts';

const running: Local[] = [];
const started = async (options?: LocalOptions) => {
  const aws = await startLocal(options);
  running.push(aws);
  return aws;
};
afterEach(async () => {
  for (const aws of running.splice(0)) await aws.stop();
});

const socketClient = (endpoint: string, more: object = {}) =>
  new SSMClient({
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...more,
  });

test('a client over a socket sees what a client in the process wrote', async () => {
  const aws = await started({ clock: 'real' });
  const endpoint = await aws.listen(0);
  await aws.client(SSMClient).send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
  const { Parameter } = await socketClient(endpoint).send(new GetParameterCommand({ Name: '/a' }));
  expect(Parameter?.Value).toBe('b');
  expect(aws.world.endpoint()).toBe(endpoint);
});

test('a port in use is refused with its code and a remedy (B62)', async () => {
  const endpoint = await (await started()).listen(0);
  const port = Number(new URL(endpoint).port);
  await expect((await started()).listen(port)).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `Port ${port} is in use. Choose another, or end what listens there.`,
  });
});

test('a body that says it is too long is refused before it is read (B24)', async () => {
  const endpoint = await (await started()).listen(0);
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers: { 'content-length': 2 ** 40 } }, (answer) => {
      resolve(answer.statusCode);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
  expect(status).toBe(413);
});

test('what no service is here for is refused by name (F58)', async () => {
  const { client } = await started();
  const { ECRClient, ListImagesCommand } = await import('@aws-sdk/client-ecr');
  await expect(client(ECRClient).send(new ListImagesCommand({ repositoryName: 'r' }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringMatching(/ecr/),
    $metadata: { httpStatusCode: 501 },
  });
});

test('an operation, a property or a type that is not modelled is refused by name, never taken in silence (F58)', async () => {
  const { client } = await started();
  const dynamodb = client(DynamoDBClient);
  const backup = new CreateBackupCommand({ TableName: 't', BackupName: 'b' });
  await expect(dynamodb.send(backup)).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringMatching(/CreateBackup/),
  });
  const warm = new CreateTableCommand({
    TableName: 't',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    WarmThroughput: { ReadUnitsPerSecond: 12_000 },
  });
  await expect(dynamodb.send(warm)).rejects.toThrow(/WarmThroughput/);
  const TemplateBody = JSON.stringify({ Resources: { Disk: { Type: 'AWS::EC2::Volume' } } });
  const create = client(CloudFormationClient).send(new CreateStackCommand({ StackName: 's', TemplateBody }));
  await expect(create).rejects.toThrow(/AWS::EC2::Volume/);
});

test('a long poll whose connection broke takes no message', async () => {
  const clock = virtualClock();
  let after: Clock['after'];
  const waits = new Promise<void>((resolve) => {
    after = (ms, run) => {
      if (ms === 20_000) resolve();
      return clock.after(ms, run);
    };
  });
  const aws = await started({ clock: { ...clock, after: after! }, policies: 'off' });
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  const ended = new Promise<void>((resolve) => aws.world.activity.listen(() => resolve()));

  const headers = {
    'x-amz-target': 'AmazonSQS.ReceiveMessage',
    'content-type': 'application/x-amz-json-1.0',
  };
  const body = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 });
  const caller = new AbortController();
  const poll = fetch(await aws.listen(0), { method: 'POST', headers, body, signal: caller.signal });
  await waits;
  caller.abort();
  await expect(poll).rejects.toThrow('aborted');
  await ended;

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  expect(aws.world.service('sqs').state()['queue']).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
});
