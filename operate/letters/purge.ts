import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { openBox } from './box.ts';
import type { Letter } from './letter.ts';

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
  for (const [url, planned] of byQueue(letters)) {
    const box = openBox(aws(SQSClient), url);
    try {
      for await (const messages of box.batches()) {
        const meant = messages.filter(({ MessageId }) => planned.has(MessageId!));
        if (file !== undefined) write(file, url, meant);
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

function byQueue(letters: readonly Letter[]): Map<string, Set<string>> {
  const queues = new Map<string, Set<string>>();
  for (const { queue, letterId } of letters)
    queues.set(queue.url, (queues.get(queue.url) ?? new Set()).add(letterId));
  return queues;
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
