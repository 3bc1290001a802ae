import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { openBox } from './box.ts';
import type { Letter } from './letter.ts';
import type { LetterQueue } from './queues.ts';
import { unpark } from './unpark.ts';

export interface PurgeOptions {
  /** A new file that gets every letter as one JSON object a line, before it is deleted. @default they are gone */
  exportTo?: string | undefined;
  /** Asked between batches; what is begun is finished. */
  stopped(): boolean;
  onPurged(purged: number): void;
}

export interface Purged {
  purged: number;
  left: number;
}

/** Deletes these letters, and none that has come since. */
export async function purge(
  aws: Aws,
  letters: readonly Letter[],
  { exportTo, stopped, onPurged }: PurgeOptions,
): Promise<Purged> {
  const file = exportTo === undefined ? undefined : opened(exportTo);
  let purged = 0;
  for (const [{ url, parkedIn }, planned] of byQueue(letters)) {
    const box = openBox(aws(SQSClient), url);
    try {
      for await (const messages of box.batches(planned.size)) {
        const meant = messages.filter(({ MessageId }) => planned.has(MessageId!));
        if (file !== undefined) write(file, url, meant);
        if (parkedIn !== undefined) await unparkAll(aws, parkedIn, meant, planned);
        const left = new Set(await box.remove(meant));
        for (const message of meant) if (!left.has(message)) planned.delete(message.MessageId!);
        onPurged((purged += meant.length - left.size));
        if (planned.size === 0 || stopped()) break;
      }
    } finally {
      await box.close();
    }
    if (stopped()) break;
  }
  if (file !== undefined) closeSync(file);
  return { purged, left: letters.length - purged };
}

/** By queue, the letters by their own id. */
function byQueue(letters: readonly Letter[]): [LetterQueue, Map<string, Letter>][] {
  const queues = new Map<string, [LetterQueue, Map<string, Letter>]>();
  for (const letter of letters) {
    const { queue, letterId } = letter;
    const known = queues.get(queue.url) ?? [queue, new Map<string, Letter>()];
    known[1].set(letterId, letter);
    queues.set(queue.url, known);
  }
  return [...queues.values()];
}

/** Before the letters go: whoever is killed in between finds them again, and purges them again. */
async function unparkAll(
  aws: Aws,
  table: string,
  messages: readonly Message[],
  letters: ReadonlyMap<string, Letter>,
): Promise<void> {
  const groups = new Map<string, Set<string>>();
  for (const { Attributes, MessageId } of messages) {
    const [group, id] = [Attributes?.MessageGroupId, letters.get(MessageId!)?.reason.id];
    if (group !== undefined && id !== undefined) groups.set(group, (groups.get(group) ?? new Set()).add(id));
  }
  for (const [group, ids] of groups) await unpark(aws, table, group, ids);
}

function opened(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'wx');
}

/** On disk when it returns. */
function write(file: number, queueUrl: string, messages: readonly Message[]): void {
  for (const { ReceiptHandle: _, ...message } of messages)
    writeSync(file, `${JSON.stringify({ queueUrl, ...message })}\n`);
  fsyncSync(file);
}
