/** What an alarm is, and what it makes of its datapoints. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Timer } from '../../clock.ts';
import type { Points } from './expression.ts';
import type { Query } from './queries.ts';

export interface Alarm {
  name: string;
  arn: string;
  kind: 'MetricAlarm' | 'CompositeAlarm';
  /** As PutMetricAlarm or PutCompositeAlarm gave it. */
  given: CloudWatch.PutMetricAlarmCommandInput & { AlarmRule?: string };
  configured: number;
  actionsEnabled: boolean;
  state: CloudWatch.StateValue;
  reason: string;
  reasonData: string | undefined;
  /** When the state was said last, and when it became another one. */
  updated: number;
  transitioned: number;
  /** Until when it is not judged, because somebody said its state. @default nobody did */
  saidUntil?: number;
  history: CloudWatch.AlarmHistoryItem[];
  /** What a metric alarm watches. */
  query: Query | undefined;
  /** The next evaluation. */
  timer: Timer | undefined;
}

export interface Verdict {
  state: CloudWatch.StateValue;
  reason: string;
}

type Comparison = (value: number, threshold: number) => boolean;

const COMPARISONS: Record<string, { holds: Comparison; words: string }> = {
  GreaterThanThreshold: { holds: (value, threshold) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    holds: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { holds: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: {
    holds: (value, threshold) => value <= threshold,
    words: 'less than or equal to',
  },
};

export const OPERATORS = Object.keys(COMPARISONS);

export const breaches = ({ ComparisonOperator, Threshold = 0 }: Alarm['given'], value: number): boolean =>
  COMPARISONS[ComparisonOperator ?? '']!.holds(value, Threshold);

/**
 * AWS looks at more periods than it needs, so that late datapoints count; by how many it does not say, its own examples
 * show two. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export const rangeOf = ({ EvaluationPeriods = 1 }: Alarm['given']): number => EvaluationPeriods + 2;

/** What the datapoints of the evaluation range mean, oldest first; undefined: the state stays as it is. */
export function judged(
  given: Alarm['given'],
  points: Points,
  at: (index: number) => number,
): Verdict | undefined {
  const {
    EvaluationPeriods = 1,
    DatapointsToAlarm = EvaluationPeriods,
    TreatMissingData = 'missing',
  } = given;
  const present = points.flatMap((value, i) => (value === undefined ? [] : [{ value, i }]));
  const counted = present.slice(-EvaluationPeriods);
  const absent = EvaluationPeriods - counted.length;
  const bad = counted.filter(({ value }) => breaches(given, value));
  const reason = reasonOf(given, counted, absent, at);
  const becomes = (state: CloudWatch.StateValue): Verdict => ({ state, reason });

  if (absent === 0 || TreatMissingData === 'breaching')
    return becomes(bad.length + absent >= DatapointsToAlarm ? 'ALARM' : 'OK');
  if (bad.length >= DatapointsToAlarm) return becomes('ALARM');
  if (TreatMissingData === 'notBreaching') return becomes('OK');
  if (bad.length < counted.length) return becomes('OK');
  if (TreatMissingData === 'ignore') return undefined;
  if (counted.length === 0)
    return {
      state: 'INSUFFICIENT_DATA',
      reason: `Insufficient Data: ${reason.replace(/^Threshold Crossed: /, '')}`,
    };
  // All that is there breaches, but it is too little. It raises the alarm once the oldest of it is old enough.
  return points.length - counted[0]!.i >= DatapointsToAlarm ? becomes('ALARM') : undefined;
}

/** As recorded against AWS: `Threshold Crossed: 1 datapoint [21.5 (01/01/30 00:00:00)] was greater than the threshold (21.0).` */
function reasonOf(
  given: Alarm['given'],
  counted: { value: number; i: number }[],
  absent: number,
  at: (index: number) => number,
): string {
  const { ComparisonOperator, Threshold = 0, TreatMissingData = 'missing' } = given;
  const periods = `${absent} period${absent === 1 ? '' : 's'}`;
  if (counted.length === 0) {
    const words = { breaching: 'Breaching', notBreaching: 'NonBreaching' }[TreatMissingData];
    const treated = words
      ? ` and ${absent} missing datapoint${absent === 1 ? ' was' : 's were'} treated as [${words}]`
      : '';
    return `Threshold Crossed: no datapoints were received for ${periods}${treated}.`;
  }
  const were = `${counted.length} datapoint${counted.length === 1 ? '' : 's'}`;
  const shown = counted.map(({ value, i }) => `${decimal(value)} (${american(at(i))})`).toReversed();
  const bad = counted.filter(({ value }) => breaches(given, value)).length;
  const not = bad === 0 ? 'not ' : '';
  const verb = counted.length === 1 ? 'was' : 'were';
  return `Threshold Crossed: ${were} [${shown.join(', ')}] ${verb} ${not}${COMPARISONS[ComparisonOperator ?? '']!.words} the threshold (${decimal(Threshold)}).`;
}

const decimal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** `31/12/29 23:59:00` */
function american(time: number): string {
  const [year, month, day] = new Date(time).toISOString().slice(2, 10).split('-');
  return `${day}/${month}/${year} ${new Date(time).toISOString().slice(11, 19)}`;
}
