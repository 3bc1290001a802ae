import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListFunctionsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../local/deploy.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { NotesStack } from '../fixtures/notes-app/notes-stack.ts';

let aws: Local;
let folder: string;
let started: number;
let deployed: number;
let assembly: string;
let outputs: Record<string, string>;

const synthesized = (broken = false): string => {
  const outdir = mkdtempSync(join(folder, 'cdk.out-'));
  const app = new App({ outdir });
  void new NotesStack(app, 'Notes', { broken });
  return app.synth().directory;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notes-'));
  aws = await startLocal();
  started = aws.world.clock.now();
  assembly = synthesized();
  ({ Notes: outputs = {} } = await deploy(aws, assembly));
  deployed = aws.world.clock.now();
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

const write = (detail: object) =>
  aws.client(EventBridgeClient).send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: outputs['BusName']!,
          Source: 'notes',
          DetailType: 'note.written',
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );

test('an application that is not ours deploys and runs: bus, rule, queue, function, table', async () => {
  await write({ id: '1', text: 'hello' });
  await aws.advance('1s');
  const { Items } = await aws
    .client(DynamoDBClient)
    .send(new ScanCommand({ TableName: outputs['TableName']! }));
  expect(Items).toEqual([{ id: { S: '1' }, text: { S: 'hello' }, by: { S: 'first edition' } }]);
});

test('deploying takes no virtual time', () => {
  expect(deployed).toBe(started);
});

test('what the function cannot handle becomes a dead letter', async () => {
  await write({ id: '2' });
  await aws.advance('10m');
  const { Attributes } = await aws
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl: outputs['DeadLettersUrl']!, AttributeNames: ['All'] }));
  expect(Attributes?.['ApproximateNumberOfMessages']).toBe('1');
});

test('deploying the same again changes nothing', async () => {
  expect(await deploy(aws, assembly)).toEqual({ Notes: outputs });
});

test('a deployment that fails rolls back and says why, and the next one succeeds', async () => {
  await expect(deploy(aws, synthesized(true))).rejects.toThrow(
    /^Notes: UPDATE_ROLLBACK_COMPLETE: Broken \(AWS::SQS::Queue\) CREATE_FAILED: .*DelaySeconds/,
  );
  expect(await deploy(aws, assembly)).toEqual({ Notes: outputs });
});

test('a stack whose resources are all well, but not its outputs, says why too', async () => {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Importing');
  void new CfnQueue(stack, 'Queue');
  void new CfnOutput(stack, 'Imported', { value: Fn.importValue('nobody-exports-it') });
  await expect(deploy(aws, app.synth().directory)).rejects.toThrow(
    /^Importing: ROLLBACK_COMPLETE: .* ROLLBACK_IN_PROGRESS: No export named nobody-exports-it found/,
  );
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Importing' }));
  await aws.world.service('cloudformation').settled('Importing');
});

test('deleting the stack leaves nothing', async () => {
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Notes' }));
  await aws.world.service('cloudformation').settled('Notes');
  await aws.advance('1s');
  expect((await aws.client(SQSClient).send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
  expect((await aws.client(LambdaClient).send(new ListFunctionsCommand({}))).Functions).toEqual([]);
});
