/** The queue in which a long-lived process receives the replies to its requests. */
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { REPLY_QUEUE_PREFIX } from './address.ts';

/** Seconds that a reply waits for a process that is stuck; the least is 60. */
const RETENTION = '300';

/** SQS's longest. */
const WAIT_SECONDS = 20;

export interface ReplyQueue {
  url: string;
  /** The next messages' bodies, removed from the queue; none after 20 s without one. */
  take(signal: AbortSignal): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createReplyQueue(sqs: Pick<SQSClient, 'send'>, id: string): Promise<ReplyQueue> {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${REPLY_QUEUE_PREFIX}${id}`,
      Attributes: { MessageRetentionPeriod: RETENTION, SqsManagedSseEnabled: 'true' },
    }),
  );
  return {
    url: QueueUrl!,
    async take(abortSignal) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: WAIT_SECONDS }),
        { abortSignal },
      );
      if (Messages.length === 0) return [];
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      // What is not deleted comes again, and is discarded then.
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })).catch(() => undefined);
      return Messages.map(({ Body = '' }) => Body);
    },
    remove: async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))),
  };
}
