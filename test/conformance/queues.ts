/** Queues as the facts want them. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
  type ReceiveMessageCommandInput,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { openTo } from '../queue-policy.ts';
import { client, eventually, named } from './fact.ts';

export type Queue = Awaited<ReturnType<typeof aQueue>>;

export const FIFO = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

/** A queue; a FIFO queue by its attributes. */
export async function aQueue(Attributes: Record<string, string> = {}) {
  const sqs = client(SQSClient);
  const name = named('queue') + (Attributes['FifoQueue'] ? '.fifo' : '');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  const attributes = async (...AttributeNames: string[]): Promise<Record<string, string>> => {
    const asked = { QueueUrl, AttributeNames: AttributeNames as ['All'] };
    return (await sqs.send(new GetQueueAttributesCommand(asked))).Attributes ?? {};
  };
  const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
    const asked = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All' as const],
      ...more,
    };
    return (await sqs.send(new ReceiveMessageCommand(asked))).Messages ?? [];
  };
  return {
    sqs,
    name,
    QueueUrl: QueueUrl!,
    arn: (await attributes('QueueArn'))['QueueArn']!,
    attributes,
    receive,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    remove: (ReceiptHandle?: string) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    hide: (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
    /** The next message, in as long as it takes. */
    next: () =>
      eventually(async () => (await receive({ MaxNumberOfMessages: 1, MessageAttributeNames: ['All'] }))[0]),
    counts: async () => {
      const all = await attributes('All');
      return ['', 'NotVisible', 'Delayed'].map((of) => all[`ApproximateNumberOfMessages${of}`]);
    },
  };
}

/** A queue whose messages come back after a second, and go to the other after so many receives. */
export async function withDeadLetters(maxReceiveCount: number, kind: Record<string, string> = {}) {
  const dead = await aQueue(kind);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount });
  return { dead, source: await aQueue({ ...kind, VisibilityTimeout: '1', RedrivePolicy }) };
}

export const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

/** What EventBridge needs to deliver to any queue with it. */
export const OPEN_TO_EVENTS = { Policy: openTo('events.amazonaws.com') };
