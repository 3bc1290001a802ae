import { createHash } from 'node:crypto';
import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { deadLetterOf, type DeadLetter } from '../../functions/runtime/dead-letters.ts';
import type { Aws } from '../aws.ts';
import { openBox } from './box.ts';
import type { Filter } from './filter.ts';
import type { LetterQueue } from './queues.ts';

/** A dead letter and where it rests; its body stays there. */
export interface Letter extends Omit<DeadLetter, 'body'> {
  queue: LetterQueue;
  /** SQS's id of the letter itself. `reason.messageId` is that of the message before it was given up. */
  letterId: string;
  /** The same for copies of one message: a crash after a letter was written makes another. */
  copyOf: string;
  /** What failed, as it was. @default it was not asked for */
  body?: string;
}

export interface Looked {
  letters: Letter[];
  /** How many were looked at, those left out by the filter included. */
  seen: number;
  /** How many there are besides, by SQS's count: of a FIFO group ten can be looked at. */
  behind: number;
}

/** How many letters of one queue are looked at. */
const MOST = 10_000;

/** The letters of a queue that a filter lets through. Nothing is consumed. */
export async function lettersIn(
  aws: Aws,
  queue: LetterQueue,
  filter: Filter = {},
  { bodies = false, most = MOST } = {},
): Promise<Looked> {
  const box = openBox(aws(SQSClient), queue.url);
  const looked: Looked = { letters: [], seen: 0, behind: 0 };
  try {
    for await (const messages of box.batches()) {
      looked.seen += messages.length;
      for (const message of messages) {
        const { letter, body } = letterOf(message, queue);
        if (passes(letter, body, filter)) looked.letters.push(bodies ? { ...letter, body } : letter);
      }
      if (looked.seen >= most) break;
    }
    looked.behind = Math.max(0, (await box.depth()) - looked.seen);
  } finally {
    await box.close();
  }
  return looked;
}

/** The same of several queues, side by side. */
export async function lettersInAll(
  aws: Aws,
  queues: readonly LetterQueue[],
  filter?: Filter,
  options?: { bodies?: boolean },
): Promise<Looked> {
  const looked = await Promise.all(queues.map((queue) => lettersIn(aws, queue, filter, options)));
  return {
    letters: looked.flatMap(({ letters }) => letters),
    seen: looked.reduce((sum, { seen }) => sum + seen, 0),
    behind: looked.reduce((sum, { behind }) => sum + behind, 0),
  };
}

/** Of these only the letters. */
export const lettersOf = async (...of: Parameters<typeof lettersInAll>): Promise<Letter[]> =>
  (await lettersInAll(...of)).letters;

function letterOf(message: Message, queue: LetterQueue): { letter: Letter; body: string } {
  const { body, ...read } = deadLetterOf(message, queue.owner);
  const { id, messageId } = read.reason;
  const reason = queue.kind === 'unrouted' ? { ...read.reason, ...UNROUTED } : read.reason;
  const copyOf = id === undefined ? messageId : `${id} ${createHash('sha256').update(body).digest('hex')}`;
  return { letter: { ...read, reason, queue, letterId: message.MessageId!, copyOf }, body };
}

const UNROUTED = {
  code: 'UNROUTED',
  message: 'nobody listens to it',
  hint: 'A misspelt type, or a consumer that is not deployed yet: once it is, "spillway replay --to …" brings it. Then purge this letter.',
};

function passes(
  { reason }: Letter,
  body: string,
  { type, code, id, since, until, pattern }: Filter,
): boolean {
  const last = Date.parse(reason.last);
  return (
    (type === undefined || reason.type === type) &&
    (code === undefined || reason.code === code) &&
    (id === undefined || reason.id === id) &&
    (since === undefined || last >= since) &&
    (until === undefined || last <= until) &&
    (pattern === undefined || pattern(body))
  );
}
