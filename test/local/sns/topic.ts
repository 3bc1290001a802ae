/** What most tests of topics do over and over, through real clients. */
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  type PublishCommandInput,
} from '@aws-sdk/client-sns';
import { startLocal, type Local } from '../../../local/index.ts';
import { queueIn, type TestQueue } from '../sqs/queue.ts';

/** A topic in an AWS of its own. */
export async function aTopic(Attributes: Record<string, string> = {}, Name = 'topic') {
  const aws = await startLocal();
  const sns = aws.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  const subscribe = async (Protocol: string, Endpoint: string, attributes: Record<string, string> = {}) =>
    (await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes: attributes })))
      .SubscriptionArn!;
  return {
    aws,
    sns,
    TopicArn: TopicArn!,
    subscribe,
    /** A queue that lets the topic in, and subscribes. */
    async queue(attributes: Record<string, string> = {}, name = 'queue') {
      const queue = await openQueue(aws, TopicArn!, name);
      return { ...queue, subscription: await subscribe('sqs', queue.arn, attributes) };
    },
    /** Resolves once all that can be delivered is. */
    async publish(Message: string, more: Partial<PublishCommandInput> = {}) {
      const answer = await sns.send(new PublishCommand({ TopicArn, Message, ...more }));
      await aws.advance(0);
      return answer;
    },
  };
}

/** A queue that lets a topic send; a FIFO queue if its name says so. */
export async function openQueue(aws: Local, topicArn: string, name: string): Promise<TestQueue> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : undefined;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return queueIn(aws, { ...fifo, Policy }, name);
}

export const json = (text: string | undefined) => JSON.parse(text!) as Record<string, unknown>;
