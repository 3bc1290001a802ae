import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue that is looked through. What is not removed is put back when it is closed, as if nobody had looked. */
export interface Box {
  /**
   * Every message once, at most ten at a time; of a FIFO group no more than can be in flight together. `known` is how many
   * there are at least: SQS's own count is late by up to a minute.
   */
  batches(known?: number): AsyncGenerator<Message[]>;
  /** Deletes messages. Resolves with those that are still there. */
  remove(messages: readonly Message[]): Promise<Message[]>;
  /** How many messages are in it, by SQS's own count, those included that are being looked at. */
  depth(): Promise<number>;
  close(): Promise<void>;
}

/** How long nobody else sees what is looked at, in seconds: should this process be killed, it comes back then. */
const HELD = 120;

export function openBox(sqs: Pick<SQSClient, 'send'>, QueueUrl: string): Box {
  const held = new Map<string, Message>();

  return {
    async *batches(known = 0) {
      const expected = Math.max(known, await counted(sqs, QueueUrl, 'ApproximateNumberOfMessages'));
      for (let seen = 0; ;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: HELD,
            WaitTimeSeconds: seen < expected ? 1 : 0, // a short look may miss what is there
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['All'],
          }),
        );
        const fresh = Messages.filter(({ MessageId }) => !held.has(MessageId!));
        for (const message of Messages) held.set(message.MessageId!, message);
        if (fresh.length === 0) return;
        seen += fresh.length;
        yield fresh;
      }
    },

    async remove(messages) {
      if (messages.length === 0) return [];
      const { Failed = [] } = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl, Entries: entriesOf(messages) }),
      );
      const left = Failed.map(({ Id }) => messages[Number(Id)]!);
      for (const message of messages) if (!left.includes(message)) held.delete(message.MessageId!);
      return left;
    },

    depth: () =>
      counted(sqs, QueueUrl, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'),

    async close() {
      const all = [...held.values()];
      for (let i = 0; i < all.length; i += 10) {
        const Entries = entriesOf(all.slice(i, i + 10)).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },
  };
}

const entriesOf = (messages: readonly Message[]) =>
  messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle! }));

async function counted(
  sqs: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  ...AttributeNames: QueueAttributeName[]
): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
