import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { EventBridgePutEvents, LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let folder: string;
let outputs: Record<string, string>;

/** What aws-scheduler and aws-scheduler-targets make, roles included. @param moved the schedule for the queue is in the group */
function synthesized(moved = false): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const scheduleGroup = new ScheduleGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
  const queue = new Queue(stack, 'Queue');
  const matched = new Queue(stack, 'Matched');
  const bus = new events.EventBus(stack, 'Bus');
  const eventPattern = { source: ['nights'] };
  void new events.Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [new SqsQueue(matched)] });
  const handler = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async (event) => console.log(JSON.stringify(event))'),
  });

  void new Schedule(stack, 'Nightly', {
    schedule: ScheduleExpression.cron({ hour: '2', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
    target: new SqsSendMessage(queue, {
      input: ScheduleTargetInput.fromText(`close ${ContextAttribute.scheduledTime}`),
      deadLetterQueue: new Queue(stack, 'Dead'),
      retryAttempts: 3,
      maxEventAge: Duration.hours(1),
    }),
    ...(moved && { scheduleGroup }),
  });
  void new Schedule(stack, 'Hourly', {
    schedule: ScheduleExpression.rate(Duration.hours(1)),
    target: new LambdaInvoke(handler, { input: ScheduleTargetInput.fromObject({ sweep: true }) }),
    scheduleGroup,
  });
  const event = { eventBus: bus, source: 'nights', detailType: 'Night', detail: { n: 1 } };
  void new Schedule(stack, 'Once', {
    schedule: ScheduleExpression.at(new Date('2030-01-01T03:00:00Z')),
    target: new EventBridgePutEvents({ ...event, detail: ScheduleTargetInput.fromObject(event.detail) }),
    scheduleGroup,
  });
  void new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  void new CfnOutput(stack, 'MatchedUrl', { value: matched.queueUrl });
  void new CfnOutput(stack, 'Function', { value: handler.functionName });
  return app.synth().directory;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schedules-'));
  aws = await startLocal();
  ({ Shop: outputs = {} } = await aws.deploy(synthesized()));
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

const bodies = async (url: string) => {
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl: outputs[url], MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => Body);
};
const listed = async () => {
  const { Schedules = [] } = await aws.client(SchedulerClient).send(new ListSchedulesCommand({}));
  return Schedules.map(({ GroupName = '', Name = '' }) => `${GroupName.slice(0, 10)} ${Name.slice(0, 9)}`);
};

test("CDK's schedules reach a queue, a function and a bus, as the roles that CDK makes for them", async () => {
  expect(await listed()).toEqual(['Shop-Group Shop-Hour', 'Shop-Group Shop-Once', 'default Shop-Nigh']);
  await aws.advance('4h');
  expect(await bodies('QueueUrl')).toEqual(['close 2030-01-01T01:00:00Z']);
  const [event = '{}'] = await bodies('MatchedUrl');
  expect(JSON.parse(event)).toMatchObject({ 'detail-type': 'Night', detail: { n: 1 } });
  const { events: lines = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${outputs['Function']}` }));
  expect(lines.filter(({ message }) => message?.includes('{"sweep":true}'))).toHaveLength(5);
});

test('a schedule that is moved to another group is not found, and stays where it was', async () => {
  await expect(aws.deploy(synthesized(true))).rejects.toThrow(/Schedule Shop-Nightly.* does not exist/);
  expect(await listed()).toContain('default Shop-Nigh');
});

test('schedules and groups go with their stack', async () => {
  const cfn = aws.client(CloudFormationClient);
  await cfn.send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect(await listed()).toEqual([]);
  const { ScheduleGroups = [] } = await aws.client(SchedulerClient).send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups.map(({ Name }) => Name)).toEqual(['default']);
});
