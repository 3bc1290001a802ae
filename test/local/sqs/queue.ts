/** What most tests of queues do over and over, through real clients. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
  type ReceiveMessageCommandInput,
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
