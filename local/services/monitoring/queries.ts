/** Reading metrics by query: a metric's statistic, or an expression over others. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { notModelled } from '../../errors.ts';
import { parseExpression, type Points } from './expression.ts';
import { invalidValue, validation } from './failures.ts';
import { MINUTE } from './minutes.ts';
import { statisticNamed } from './statistic.ts';
import { recorded, type Metric, type Store } from './store.ts';

export interface Query {
  id: string;
  label: string;
  /** In milliseconds. */
  period: number;
  returnData: boolean;
  /** The metrics that it reads. */
  metrics: Metric[];
  /** `length` periods from `from` on, a multiple of `period`. */
  points(from: number, length: number): Points;
}

/** Throws ValidationError for what cannot be understood. */
export function queriesOf(store: Store, queries: CloudWatch.MetricDataQuery[]): Query[] {
  const known = new Map<string, Query>();
  const metricIds = queries.filter(({ MetricStat }) => MetricStat).map(({ Id = '' }) => Id);
  const period = Math.min(
    ...queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []),
    86_400,
  );
  const resolve = (id: string): Query => {
    const before = known.get(id);
    if (before) return before;
    const query = queries.find(({ Id }) => Id === id);
    if (!query) throw validation(`The expression refers to the unknown Id ${id}.`);
    const found = query.MetricStat
      ? statistic(store, query, query.MetricStat)
      : computed(query, period, metricIds, resolve);
    known.set(id, found);
    return found;
  };
  return queries.map(({ Id = '' }) => resolve(Id));
}

function statistic(
  store: Store,
  { Id = '', Label, ReturnData = true }: CloudWatch.MetricDataQuery,
  { Metric = {}, Period = 60, Stat = '', Unit }: CloudWatch.MetricStat,
): Query {
  const metric = store.metric(Metric.Namespace ?? '', Metric.MetricName ?? '', Metric.Dimensions);
  return {
    id: Id,
    label: Label ?? metric.name,
    returnData: ReturnData,
    ...reading(metric, Period, Stat, Unit),
  };
}

/** The statistic of a metric, period by period. */
export function reading(metric: Metric, seconds: number, stat: string, unit?: string) {
  const run = statisticNamed(stat);
  const period = milliseconds(seconds);
  return {
    period,
    metrics: [metric],
    points: (from: number, length: number): Points =>
      Array.from({ length }, (_, i) => {
        const bucket = recorded(metric, from + i * period, from + (i + 1) * period, unit);
        return bucket && run(bucket);
      }),
  };
}

function computed(
  { Id = '', Label, ReturnData = true, Expression = '' }: CloudWatch.MetricDataQuery,
  seconds: number,
  metricIds: string[],
  resolve: (id: string) => Query,
): Query {
  const expression = parseExpression(Expression, metricIds);
  const used = new Map(expression.ids.map((id) => [id, resolve(id)]));
  return {
    id: Id,
    label: Label ?? Id,
    period: milliseconds(seconds),
    returnData: ReturnData,
    metrics: [...used.values()].flatMap(({ metrics }) => metrics),
    points: (from, length) => expression.evaluate((id) => used.get(id)!.points(from, length), length),
  };
}

function milliseconds(seconds: number): number {
  if (seconds < 60) throw notModelled('periods below a minute');
  if (seconds % 60 !== 0) throw invalidValue(`The parameter Period must be a multiple of 60.`);
  return (seconds / 60) * MINUTE;
}
