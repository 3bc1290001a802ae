/** SQS by itself: messages a second that are sent and received one by one, and drained by tens. */
import { atOnce, perSecond } from './at-once.ts';
import { row, rounds } from './rounds.ts';
import type { Server } from './server.ts';

const MESSAGES = 1_000;
/** Ten times as many, since ten go at once: a drain of fewer is over before it can be timed. */
const BACKLOG = 10 * MESSAGES;
const ROUNDS = 5;
const WIDTH = 8;

export async function queueRows(servers: Server[]) {
  const results = await rounds(servers, ROUNDS, async ({ call }) => {
    const { QueueUrl } = (await call('sqs', 'CreateQueue', { QueueName: 'loops' })) as { QueueUrl: string };
    const send = await perSecond(MESSAGES, () =>
      atOnce(WIDTH, MESSAGES, () => call('sqs', 'SendMessage', { QueueUrl, MessageBody: BODY })),
    );
    const receive = await perSecond(MESSAGES, () =>
      atOnce(WIDTH, MESSAGES, () => receiveOne(call, QueueUrl)),
    );
    await filled(call, QueueUrl, BACKLOG);
    const drain = await perSecond(BACKLOG, () => drained(call, QueueUrl, BACKLOG));
    return { send, receive, drain };
  });
  return [
    row('SendMessage (messages/s)', results, 'send', 'fauxqs', '≥ 1'),
    row('ReceiveMessage and DeleteMessage (messages/s)', results, 'receive', 'fauxqs', '≥ 1'),
    row('drain by tens (messages/s)', results, 'drain', 'fauxqs', '≥ 1'),
  ];
}

const BODY = JSON.stringify({ order: 'A-1', lines: [{ sku: 'S-1', quantity: 2 }], note: 'x'.repeat(300) });

const TEN = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: BODY }));

async function receiveOne(call: Server['call'], QueueUrl: string) {
  const { Messages = [] } = await call('sqs', 'ReceiveMessage', { QueueUrl });
  if (Messages.length === 0) throw new Error('The queue lost a message.');
  await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle });
}

/** Sends `count` messages by batches of ten. */
export const filled = (call: Server['call'], QueueUrl: string, count: number): Promise<void> =>
  atOnce(WIDTH, count / 10, () => call('sqs', 'SendMessageBatch', { QueueUrl, Entries: TEN }));

/** Receives and deletes `count` messages by batches of ten; throws when there are no more before that. */
export async function drained(call: Server['call'], QueueUrl: string, count: number): Promise<void> {
  let left = count;
  let nothing = 0;
  const lane = async () => {
    while (left > 0) {
      const { Messages = [] } = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      left -= Messages.length;
      nothing = Messages.length > 0 ? 0 : nothing + 1; // what is left may be on its way to another lane
      if (nothing > 1_000) throw new Error(`${left} messages are missing.`);
      const Entries = (Messages as { ReceiptHandle: string }[]).map(({ ReceiptHandle }, i) => ({
        Id: String(i),
        ReceiptHandle,
      }));
      if (Entries.length > 0) await call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries });
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
}
