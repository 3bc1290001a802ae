import { Buffer } from 'node:buffer';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Ambient } from '../ambient.ts';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { traceHeaderOf } from '../contract/ids.ts';
import { attempt } from './attempts.ts';
import { NOT_SENT, type Result } from './failures.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_ENTRIES = 10;
const MAX_BYTES = 1_048_576;

export interface Sending {
  sqs: Pick<SQSClient, 'send'>;
  budgetMs: number;
  ambient: Ambient;
}

/** Sends commands to their consumers' queues, by type. As `sendMessages`. */
export const sendCommands = (
  commands: readonly CloudEvent[],
  { queues, ...sending }: Sending & { queues: Readonly<Record<string, string>> },
): Promise<Result[]> =>
  sendMessages(
    commands,
    commands.map(({ type }) => queues[type]),
    sending,
  );

/**
 * Sends messages to queues by URL, queues side by side; without a URL, EVT_NO_QUEUE. In a FIFO queue the messages of one
 * partition key keep their order: one call never holds two of them, and behind a failed one nothing is sent. A result for
 * each, in order.
 */
export async function sendMessages(
  messages: readonly CloudEvent[],
  urls: readonly (string | undefined)[],
  sending: Sending,
): Promise<Result[]> {
  const results: Result[] = [];
  const until = sending.ambient.now() + sending.budgetMs;
  const byQueue = new Map<string, number[]>();
  for (const [i, url] of urls.entries()) {
    if (url === undefined) results[i] = { kind: 'rejected', code: 'EVT_NO_QUEUE', permanent: true };
    else byQueue.set(url, [...(byQueue.get(url) ?? []), i]);
  }
  await Promise.all(
    [...byQueue].map(([url, indexes]) => sendTo(url, indexes, messages, { ...sending, until }, results)),
  );
  return results;
}

async function sendTo(
  url: string,
  indexes: number[],
  commands: readonly CloudEvent[],
  { sqs, until, ambient }: Sending & { until: number },
  results: Result[],
): Promise<void> {
  const fifo = url.endsWith('.fifo');
  let wave = lanesOf(indexes, (i) => (fifo ? (commands[i]!.partitionkey ?? '') : String(i)));
  do {
    const heads = wave.map(([first]) => first!);
    const entries = heads.map((i, n) => messageOf(commands[i]!, String(n), fifo));
    const sent = await attempt(entries, { ...callsTo(url, sqs), until, ambient });
    sent.forEach((result, n) => {
      results[heads[n]!] = result;
      if (result.kind !== 'accepted')
        for (const behind of wave[n]!.slice(1))
          results[behind] = { kind: 'rejected', code: 'BEHIND', permanent: false };
    });
    wave = wave
      .filter((_, n) => sent[n]!.kind === 'accepted')
      .map((lane) => lane.slice(1))
      .filter((lane) => lane.length > 0);
  } while (wave.length > 0 && ambient.now() < until);
  for (const i of wave.flat()) results[i] = NOT_SENT;
}

function lanesOf(indexes: number[], laneOf: (index: number) => string): number[][] {
  const lanes = new Map<string, number[]>();
  for (const i of indexes) {
    const lane = lanes.get(laneOf(i));
    if (lane) lane.push(i);
    else lanes.set(laneOf(i), [i]);
  }
  return [...lanes.values()];
}

const callsTo = (QueueUrl: string, sqs: Sending['sqs']) => ({
  count: MAX_ENTRIES,
  bytes: MAX_BYTES,
  sizeOf: ({ MessageBody = '' }: SendMessageBatchRequestEntry) => Buffer.byteLength(MessageBody),
  async call(Entries: SendMessageBatchRequestEntry[]) {
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const codes = new Map(Failed.map(({ Id, Code = 'Unknown' }) => [Id, Code]));
    return Entries.map(({ Id }) => codes.get(Id));
  },
});

const messageOf = (command: CloudEvent, Id: string, fifo: boolean): SendMessageBatchRequestEntry => ({
  Id,
  MessageBody: JSON.stringify(command),
  MessageSystemAttributes: {
    AWSTraceHeader: { DataType: 'String', StringValue: traceHeaderOf(command.traceparent) },
  },
  ...(fifo ? { MessageGroupId: command.partitionkey ?? command.id, MessageDeduplicationId: command.id } : {}),
});
