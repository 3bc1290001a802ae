import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { dueRows } from '../backlog.ts';
import type { Discovered } from '../discovery.ts';
import { letterQueues } from '../letters/queues.ts';
import { alarmsOf, type RaisedAlarm } from './alarms.ts';
import { metricsOf, type Metrics } from './metrics.ts';

/** How a consumer does. */
export interface ConsumerStatus extends Metrics {
  consumer: string;
  /** Messages that can be received, or will be after a delay. */
  waiting: number;
  /** Being handled, or waiting for their next attempt. */
  inFlight: number;
  deadLetters: number;
  /** Committed messages that are due and not published. */
  unpublished: number;
}

export interface Status {
  consumers: ConsumerStatus[];
  /** Of the relay, and of what nobody listens to. */
  deadLetters: Record<string, number>;
  alarms: RaisedAlarm[];
}

/** A pipeline as it is at `now`, milliseconds since 1970. Counts are SQS's own, approximate on AWS. */
export async function statusOf(aws: Aws, discovered: Discovered, now: number): Promise<Status> {
  const letters = letterQueues(discovered);
  const [depths, metrics, alarms] = await Promise.all([
    Promise.all(letters.map(async ({ owner, url }) => ({ owner, letters: sum(await counts(aws, url)) }))),
    metricsOf(aws, discovered, now),
    alarmsOf(aws, discovered),
  ]);
  const lettersOf = (name: string) =>
    sum(depths.filter(({ owner }) => owner === name).map(({ letters }) => letters));
  const consumers = Object.entries(discovered.consumers).map(
    async ([consumer, { queueUrls, table }]): Promise<ConsumerStatus> => {
      const all = await Promise.all(queueUrls.map((url) => counts(aws, url)));
      return {
        consumer,
        waiting: sum(all.map(([visible, , delayed]) => visible! + delayed!)),
        inFlight: sum(all.map(([, inFlight]) => inFlight!)),
        deadLetters: lettersOf(consumer),
        unpublished: table === undefined ? 0 : await dueRows(aws, [table], now),
        ...metrics[consumer],
      };
    },
  );
  return {
    consumers: await Promise.all(consumers),
    deadLetters: { relay: lettersOf('relay'), unrouted: lettersOf('unrouted') },
    alarms,
  };
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

async function counts(aws: Aws, QueueUrl: string): Promise<number[]> {
  const { Attributes = {} } = await aws(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.map((name) => Number(Attributes[name] ?? 0));
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
