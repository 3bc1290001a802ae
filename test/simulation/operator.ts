/** What people do while it storms and afterwards: replay, redrive, stop and start functions, go away for days. */
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Duration, Local } from '../../local/index.ts';
import type { Random } from '../../local/random.ts';
import { backlog } from '../../operate/backlog.ts';
import type { Discovered } from '../../operate/discovery.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { one } from './workload.ts';

export type Operator = ReturnType<typeof operatorOf>;

/** Whatever he does may fail while it storms, which he does not mind. */
export function operatorOf(local: Local, discovered: Discovered) {
  const { world } = local;
  const events = local.client(EventBridgeClient);
  const lambda = local.client(LambdaClient);
  const consumers = Object.values(discovered.consumers);
  const functions = consumers.map((consumer) => consumer.function);
  const began = world.clock.now();
  let replays = 0;

  const operator = {
    /** Sends all that was ever published once more, to everybody. */
    async replay() {
      const arn = `arn:aws:events:${world.region}:${world.account}`;
      await events.send(
        new StartReplayCommand({
          ReplayName: `replay-${replays++}`,
          EventSourceArn: `${arn}:archive/${discovered.archive}`,
          EventStartTime: new Date(began),
          EventEndTime: new Date(world.clock.now()),
          Destination: { Arn: `${arn}:event-bus/${discovered.bus}` },
        }),
      );
    },
    /** Puts all dead letters back to where they came from. */
    async redrive() {
      const sqs = local.client(SQSClient);
      for (const QueueUrl of consumers.flatMap(({ deadLetterUrls }) => deadLetterUrls)) {
        const SourceArn = await arnOf(sqs, QueueUrl);
        await sqs.send(new StartMessageMoveTaskCommand({ SourceArn })).catch(() => {});
      }
    },
    /** Lets a function not run for a while. */
    async pause(random: Random) {
      const FunctionName = one(functions, random);
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
      world.clock.after(random.integer(1, 300_000), () => void resumed(FunctionName).catch(() => {}));
    },
    async resume() {
      await Promise.all(functions.map(resumed));
    },
    /** Lets time pass while the sweeper sleeps: a thousand of its runs a day would prove nothing more. */
    async idle(duration: Duration) {
      const { Rules = [] } = await events.send(new ListRulesCommand({}));
      const { Name } = Rules.find(({ ScheduleExpression }) => ScheduleExpression)!;
      await events.send(new DisableRuleCommand({ Name }));
      await local.advance(duration);
      await events.send(new EnableRuleCommand({ Name }));
    },
    /** Virtual minutes until nothing is under way any more, at most `most`; half an hour at least, for what waits unseen. */
    async settle(most: number): Promise<number> {
      const aws = awsOf(local);
      await local.advance('3m');
      await operator.idle('10m');
      for (let minutes = 30; minutes <= most; minutes += 15) {
        await operator.idle('13m');
        await local.advance('2m');
        const { queued, unpublished } = await backlog(aws, discovered, world.clock.now());
        if (queued + unpublished === 0) return minutes;
      }
      return Infinity;
    },
  };
  const resumed = (FunctionName: string) =>
    lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  return operator;
}

/** A queue that hears everything that is published on the bus. Returns its URL. */
export async function eavesdrop(local: Local, { bus: EventBusName }: Discovered): Promise<string> {
  const sqs = local.client(SQSClient);
  const events = local.client(EventBridgeClient);
  const { RuleArn } = await events.send(
    new PutRuleCommand({
      Name: 'everything',
      EventBusName,
      EventPattern: JSON.stringify({ source: [{ prefix: '' }] }),
    }),
  );
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
  };
  const Condition = { ArnEquals: { 'aws:SourceArn': RuleArn } };
  const Statement = { ...allowed, Resource: '*', Condition };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'everything',
      Attributes: { Policy: JSON.stringify({ Statement }), MessageRetentionPeriod: '1209600' },
    }),
  );
  const Arn = await arnOf(sqs, QueueUrl!);
  await events.send(
    new PutTargetsCommand({ Rule: 'everything', EventBusName, Targets: [{ Id: 'queue', Arn }] }),
  );
  return QueueUrl!;
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return Attributes!['QueueArn']!;
}
