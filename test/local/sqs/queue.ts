/** What most tests of queues do over and over, through real clients. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
  type MessageAttributeValue,
  type ReceiveMessageCommandInput,
  type SendMessageBatchRequestEntry,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { startLocal, type Local } from '../../../local/index.ts';

export type TestQueue = Awaited<ReturnType<typeof queueIn>>;

/** A queue in an AWS of its own. */
export async function aQueue(attributes: Record<string, string> = {}, name = 'queue') {
  const aws = await startLocal();
  return { aws, ...(await queueIn(aws, attributes, name)) };
}

/** A FIFO queue with content-based deduplication in an AWS of its own. */
export const aFifoQueue = (attributes: Record<string, string> = {}) =>
  aQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes }, 'queue.fifo');

/** One more queue. */
export async function queueIn(aws: Local, attributes: Record<string, string>, name: string) {
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const arn = `arn:aws:sqs:eu-west-1:000000000000:${name}`;
  return {
    sqs,
    QueueUrl,
    arn,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    async receive(more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
      const asked = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const], ...more };
      return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...asked }))).Messages ?? [];
    },
    remove: ({ ReceiptHandle }: Message) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    hide: ({ ReceiptHandle }: Message, VisibilityTimeout: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
    set: (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })),
    attributes: async (...AttributeNames: string[]): Promise<Record<string, string>> =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: AttributeNames as ['All'] })))
        .Attributes ?? {},
    /** Visible, in flight, delayed. */
    counts: () => aws.world.service('sqs').state()[name],
  };
}

export const bodies = (messages: Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

export const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

/** Sends entries, of which something may be missing. */
export const sendBatch = ({ sqs, QueueUrl }: TestQueue, Entries?: Partial<SendMessageBatchRequestEntry>[]) =>
  sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: Entries as SendMessageBatchRequestEntry[] }));

/** Sends to a FIFO queue: `g1a` is message `a` of group `g1`. */
export async function sendAll({ send }: TestQueue, names: string) {
  for (const name of names.split(' ')) await send(name, { MessageGroupId: name.slice(0, 2) });
}

export const redrive = (deadLetterTargetArn: string, maxReceiveCount: number | string = 1) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
});

interface SourceOptions {
  /** How often a message is delivered at most. @default 1 */
  max?: number;
  /** @default false */
  fifo?: boolean;
  /** Attributes of the dead-letter queue. @default messages come back at once */
  dead?: Record<string, string>;
}

/** A source queue with its dead-letter queue. Messages come back at once. */
export async function sourceWithDeadLetters({ max = 1, fifo = false, dead = {} }: SourceOptions = {}) {
  const aws = await startLocal();
  const suffix = fifo ? '.fifo' : '';
  const kind = fifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : undefined;
  const deadLetters = await queueIn(aws, { ...kind, VisibilityTimeout: '0', ...dead }, `dead${suffix}`);
  const attributes = { ...kind, VisibilityTimeout: '0', ...redrive(deadLetters.arn, max) };
  const source = await queueIn(aws, attributes, `source${suffix}`);
  return { aws, source, deadLetters };
}
