import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type PutEventsRequestEntry,
  type PutRuleCommandInput,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { startLocal, type LocalOptions } from '../../../local/index.ts';
import { openTo } from '../../queue-policy.ts';

const FOR_EVENTS = openTo('events.amazonaws.com');

/** An embedded AWS with what most tests of EventBridge begin with. */
export async function eventing(options: LocalOptions = {}) {
  const aws = await startLocal({ policies: 'enforced', ...options });
  const events = aws.client(EventBridgeClient);
  const sqs = aws.client(SQSClient);
  const arn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;

  return {
    ...aws,
    events,
    sqs,
    /** A queue that EventBridge may send to. Answers its ARN. */
    async queue(QueueName: string, Attributes: Record<string, string> = {}) {
      await sqs.send(
        new CreateQueueCommand({ QueueName, Attributes: { Policy: FOR_EVENTS, ...Attributes } }),
      );
      return arn(QueueName);
    },
    bus: (Name: string) => events.send(new CreateEventBusCommand({ Name })),
    /** A rule with its targets. Answers its ARN. */
    async rule(rule: PutRuleCommandInput, ...targets: (Omit<Target, 'Id' | 'Arn'> & { Arn: string })[]) {
      const { RuleArn } = await events.send(
        new PutRuleCommand(rule.ScheduleExpression ? rule : { EventPattern: '{"source":["shop"]}', ...rule }),
      );
      const Targets = targets.map((target, i) => ({ Id: `t${i}`, ...target }));
      if (targets.length > 0)
        await events.send(
          new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets }),
        );
      return RuleArn!;
    },
    put: (...entries: PutEventsRequestEntry[]) =>
      events.send(
        new PutEventsCommand({
          Entries: entries.map((entry) => ({ Source: 'shop', DetailType: 't', Detail: '{}', ...entry })),
        }),
      ),
    /** Everything that a queue holds, which stays in flight. */
    async received(arn: string): Promise<Message[]> {
      const QueueUrl = `http://127.0.0.1:4566/000000000000/${arn.split(':').at(-1)}`;
      const all: Message[] = [];
      for (;;) {
        const { Messages } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 0,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['All'],
          }),
        );
        if (!Messages) return all;
        all.push(...Messages);
      }
    },
    async bodies(arn: string): Promise<string[]> {
      return (await this.received(arn)).map(({ Body = '' }) => Body);
    },
  };
}
