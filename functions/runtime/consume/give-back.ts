import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { jitter } from '../ambient.ts';
import type { Arrival } from './outcome.ts';

/** Seconds after which a record comes back: full jitter over 1 s doubled with every receive, at most 15 minutes. */
export function delaySeconds({ receives, outcome }: Arrival, random: () => number): number {
  const fault = outcome && 'fault' in outcome ? outcome.fault : undefined;
  const base = fault?.code === 'UNKNOWN_VERSION' ? LONG_BASE : 1;
  return Math.max(1, Math.ceil(jitter(random, receives, base, CAP)));
}

/** A missing reader comes with a deployment, so seconds do not help. */
const LONG_BASE = 60;
const CAP = 900;

/**
 * Sets when records come back. Failing is not an error: then they come back when their visibility time-out lapses.
 * `urlOf` gives the queue's URL.
 */
export async function giveBack(
  arrivals: readonly Arrival[],
  {
    sqs,
    random,
    urlOf,
  }: { sqs: Pick<SQSClient, 'send'>; random: () => number; urlOf(queueArn: string): string },
): Promise<void> {
  const delays = new Map<string, number>();
  const entries = arrivals.map((arrival, i) => {
    const { group, record } = arrival;
    const delay = (group === undefined ? undefined : delays.get(group)) ?? delaySeconds(arrival, random);
    if (group !== undefined) delays.set(group, delay);
    return {
      queue: record.eventSourceARN,
      entry: { Id: String(i), ReceiptHandle: record.receiptHandle, VisibilityTimeout: delay },
    };
  });
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < entries.length; i += 10) {
    const some = entries.slice(i, i + 10);
    const input = { QueueUrl: urlOf(some[0]!.queue), Entries: some.map(({ entry }) => entry) };
    calls.push(sqs.send(new ChangeMessageVisibilityBatchCommand(input)));
  }
  await Promise.allSettled(calls);
}
