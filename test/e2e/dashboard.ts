import {
  CloudWatchClient,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListDashboardsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { Shop } from './shop.ts';

/** By row and graph, such as `payments` and `Backlog`, the points of each line over the last hour. */
export type Shown = Record<string, Record<string, number[][]>>;

/** What somebody who opens the dashboard sees. */
export async function shownBy({ aws, local }: Shop): Promise<Shown> {
  const cloudwatch = aws(CloudWatchClient);
  const { DashboardEntries: [{ DashboardName } = {}] = [] } = await cloudwatch.send(
    new ListDashboardsCommand({}),
  );
  const { DashboardBody } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
  const { widgets } = JSON.parse(DashboardBody!) as { widgets: Widget[] };
  const now = local.world.clock.now();
  const shown: Shown = {};
  let row: Shown[string] = {};
  for (const { type, properties } of widgets) {
    if (type === 'text') shown[properties.markdown.slice('## '.length)] = row = {};
    else {
      const { MetricDataResults = [] } = await cloudwatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(now - 3_600_000),
          EndTime: new Date(now),
          MetricDataQueries: queriesOf(properties.metrics),
        }),
      );
      row[properties.title] = MetricDataResults.map(({ Values = [] }) => Values);
    }
  }
  return shown;
}

interface Widget {
  type: 'text' | 'metric';
  properties: { markdown: string; title: string; metrics: Line[] };
}

interface Options {
  id?: string;
  visible?: boolean;
  expression?: string;
  period: number;
  stat: string;
}

/** `[namespace, name, dimension, value, …, options]`, or options with an expression. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
type Line = (string | Options)[];

const queriesOf = (lines: Line[]): MetricDataQuery[] =>
  lines.map((line, i) => {
    const [Namespace, MetricName, ...dimensions] = line.slice(0, -1) as string[];
    const { id = `line${i}`, visible = true, expression, period, stat } = line.at(-1) as Options;
    const shown = { Id: id, ReturnData: visible };
    if (expression !== undefined) return { ...shown, Expression: expression, Period: period };
    const Dimensions = dimensions.flatMap((Name, at) =>
      at % 2 === 0 ? [{ Name, Value: dimensions[at + 1]! }] : [],
    );
    const Metric = { Namespace, MetricName, Dimensions };
    return { ...shown, MetricStat: { Metric, Period: period, Stat: stat } };
  });
