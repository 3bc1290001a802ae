import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws.ts';
import type { Discovered } from '../discovery.ts';
import { nameOf } from '../letters/queues.ts';

/** Of the last hour, as CloudWatch has it by now: minutes late on AWS. */
export interface Metrics {
  /** Messages that the consumer received. @default CloudWatch knows of none */
  received?: number;
  /** Share of those that it committed or knew already, 0 to 1. @default none was received */
  success?: number;
  /** Seconds that the oldest message has waited. @default nothing waited */
  oldest?: number;
}

/** By consumer. */
export async function metricsOf(
  aws: Aws,
  { bus, consumers }: Discovered,
  now: number,
): Promise<Record<string, Metrics>> {
  const names = Object.keys(consumers);
  const queries = names.flatMap((name, i): MetricDataQuery[] => [
    query(`r${i}`, 'Spillway', 'Received', { Bus: bus, Consumer: name }, 'Sum', HOUR),
    query(`s${i}`, 'Spillway', 'Succeeded', { Bus: bus, Consumer: name }, 'Sum', HOUR),
    ...consumers[name]!.queueUrls.map((url, j) =>
      query(
        `o${i}_${j}`,
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        { QueueName: nameOf(url) },
        'Maximum',
        60,
      ),
    ),
  ]);
  const latest = await values(aws, queries, now);
  return Object.fromEntries(
    names.map((name, i) => {
      const received = latest[`r${i}`];
      const ages = consumers[name]!.queueUrls.flatMap((_, j) => latest[`o${i}_${j}`] ?? []);
      const oldest = Math.max(0, ...ages);
      return [
        name,
        {
          ...(received && { received, success: (latest[`s${i}`] ?? 0) / received }),
          ...(oldest > 0 && { oldest }),
        },
      ];
    }),
  );
}

const HOUR = 3600;

/** Queries that one call takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const AT_ONCE = 500;

/** The sum over the last hour, or the newest value, by the id of the query. */
async function values(
  aws: Aws,
  queries: readonly MetricDataQuery[],
  now: number,
): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let i = 0; i < queries.length; i += AT_ONCE) {
    const { MetricDataResults = [] } = await aws(CloudWatchClient).send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.slice(i, i + AT_ONCE),
        StartTime: new Date(now - HOUR * 1000),
        EndTime: new Date(now + 60_000), // the minute that has begun counts
        ScanBy: 'TimestampDescending',
      }),
    );
    for (const { Id = '', Values = [] } of MetricDataResults) {
      const value = Id.startsWith('o') ? Values[0] : Values.reduce((sum, one) => sum + one, 0);
      if (value !== undefined) found[Id] = value;
    }
  }
  return found;
}

const query = (
  Id: string,
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
  Stat: 'Sum' | 'Maximum',
  Period: number,
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Stat,
    Period,
  },
});
