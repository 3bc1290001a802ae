import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListFunctionsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import { awsOfEnvironment } from '../../operate/aws.ts';
import { discover } from '../../operate/discovery.ts';
import { readBooks } from '../../operate/summary/books.ts';
import { against, spillway, type Spillway } from './spillway.ts';

const ORDER = JSON.parse(readFileSync('docs/examples/order.place.json', 'utf8'));
const MINUTE = 60_000;
const CDK = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

let server: Spillway;
let env: Record<string, string>;

beforeAll(async () => {
  server = spillway(['local', '--port', '0']);
  const [, endpoint] = await server.says(/listens on (http:\/\/\S+)/);
  env = against(endpoint!);
  Object.assign(process.env, env);
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
});

/** The stock CDK command line, on the shop as it was synthesized for this run. */
async function cdk(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [CDK, '--app', inject('shopAssembly'), '--progress', 'events', ...args],
    { env: { ...process.env, ...env, CI: '1' } },
  );
  return stdout + stderr;
}

/** Waits until the shop has shipped so many orders. Functions of this server run in real time. */
async function expectShipped(count: number): Promise<void> {
  const aws = awsOfEnvironment();
  const discovered = await discover(aws);
  await expect
    .poll(async () => (await readBooks(aws, discovered)).shipped, { timeout: 20_000, interval: 200 })
    .toBe(count);
}

const queueUrl = async () => (await discover(awsOfEnvironment())).commands['order.place']!.queueUrl;

describe.sequential('stock tools against spillway local, as an AWS they know', () => {
  test('cdk bootstrap', { timeout: MINUTE }, async () => {
    expect(await cdk('bootstrap')).toMatch(/bootstrapped/);
  });

  test('cdk deploy --all', { timeout: 2 * MINUTE }, async () => {
    expect(await cdk('deploy', '--all', '--require-approval', 'never')).toMatch(/shop-dev/);
  });

  test('spillway emit: an order comes out shipped', { timeout: MINUTE }, async () => {
    const { code, stderr } = await spillway(
      ['emit', 'order.place', '--file', 'docs/examples/order.place.json'],
      { env },
    ).ended;
    expect(code, stderr).toBe(0);
    await expectShipped(1);
  });

  test.skipIf(!awsCli())('the AWS CLI: an order comes out shipped', { timeout: MINUTE }, async () => {
    const command = PlaceOrder({ ...ORDER, orderId: 'CLI-1' });
    execFileSync(
      awsCli()!,
      [
        '--endpoint-url',
        env['AWS_ENDPOINT_URL']!,
        'sqs',
        'send-message',
        '--queue-url',
        await queueUrl(),
        '--message-body',
        JSON.stringify(command),
        '--message-group-id',
        ORDER.customerId,
        '--message-deduplication-id',
        command.id,
      ],
      { env: { ...process.env, ...env, AWS_DEFAULT_REGION: 'us-east-1' } },
    );
    await expectShipped(2);
  });

  test('the SDK: an order comes out shipped', { timeout: MINUTE }, async () => {
    const before = (await readBooks(awsOfEnvironment(), await discover(awsOfEnvironment()))).shipped;
    const command = PlaceOrder({ ...ORDER, orderId: 'SDK-1' });
    await awsOfEnvironment()(SQSClient).send(
      new SendMessageCommand({
        QueueUrl: await queueUrl(),
        MessageBody: JSON.stringify(command),
        MessageGroupId: ORDER.customerId,
        MessageDeduplicationId: command.id,
      }),
    );
    await expectShipped(before + 1);
  });

  test('cdk diff: no differences', { timeout: MINUTE }, async () => {
    expect(await cdk('diff', '--fail')).toMatch(
      /There were no differences|Number of stacks with differences: 0/,
    );
  });

  test('cdk deploy again: no changes', { timeout: MINUTE }, async () => {
    expect(await cdk('deploy', '--all', '--require-approval', 'never')).toMatch(/no changes/);
  });

  test('cdk destroy leaves nothing', { timeout: 2 * MINUTE }, async () => {
    await cdk('destroy', '--all', '--force');
    const aws = awsOfEnvironment();
    const { StackSummaries = [] } = await aws(CloudFormationClient).send(new ListStacksCommand({}));
    expect(
      StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
        ({ StackName }) => StackName,
      ),
    ).toEqual(['CDKToolkit']);
    expect(await aws(SQSClient).send(new ListQueuesCommand({}))).not.toHaveProperty('QueueUrls');
    const { EventBuses = [] } = await aws(EventBridgeClient).send(new ListEventBusesCommand({}));
    expect(EventBuses.map(({ Name }) => Name)).toEqual(['default']);
    expect((await aws(DynamoDBClient).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await aws(LambdaClient).send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  });
});

/** The AWS CLI of `.venv`, or of the path. */
function awsCli(): string | undefined {
  const own = join(process.cwd(), '.venv', 'bin', 'aws');
  if (existsSync(own)) return own;
  try {
    return (
      execFileSync('sh', ['-c', 'command -v aws && aws --version >/dev/null 2>&1'], {
        encoding: 'utf8',
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}
