/** Alarms are made and replaced. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { OPERATORS, type Alarm } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { parseRule } from './composite.ts';
import { invalidCombination, missing, refuseOther, validation } from './failures.ts';
import { queriesOf, reading, type Query } from './queries.ts';
import type { Store } from './store.ts';
import type { Tags } from './tags.ts';
import { note } from './transition.ts';

export function putMetricAlarm(world: World, store: Store, alarms: Alarms, tags: Tags) {
  return (input: CloudWatch.PutMetricAlarmCommandInput): Answer<CloudWatch.PutMetricAlarmCommandOutput> => {
    refuseWrong(input);
    put(world, alarms, tags, 'MetricAlarm', input, queryOf(store, input));
    return {};
  };
}

export function putCompositeAlarm(world: World, alarms: Alarms, tags: Tags) {
  return (
    input: CloudWatch.PutCompositeAlarmCommandInput,
  ): Answer<CloudWatch.PutCompositeAlarmCommandOutput> => {
    if (input.ActionsSuppressor !== undefined) throw notModelled('ActionsSuppressor of a composite alarm');
    parseRule(input.AlarmRule ?? '');
    refuseActions(input);
    const unused = { EvaluationPeriods: undefined, ComparisonOperator: undefined };
    put(world, alarms, tags, 'CompositeAlarm', { ...unused, ...input }, undefined);
    return {};
  };
}

/** An alarm that is replaced keeps its state. */
function put(
  { account, region, clock }: World,
  alarms: Alarms,
  tags: Tags,
  kind: Alarm['kind'],
  given: Alarm['given'],
  query: Query | undefined,
) {
  const name = given.AlarmName ?? '';
  const now = clock.now();
  const before = alarms.find(name);
  const fresh = {
    state: 'INSUFFICIENT_DATA' as const,
    reason: 'Unchecked: Initial alarm creation',
    reasonData: undefined,
    updated: now,
    transitioned: now,
    history: [],
  };
  const alarm: Alarm = {
    ...fresh,
    ...before,
    name,
    arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    kind,
    given,
    configured: now,
    actionsEnabled: given.ActionsEnabled ?? true,
    query,
    timer: undefined,
  };
  note(alarm, now, 'ConfigurationUpdate', `Alarm "${name}" ${before ? 'updated' : 'created'}`);
  if (!before) tags.set(alarm.arn, given.Tags ?? []);
  alarms.put(alarm);
}

/** What a metric alarm watches. */
export function queryOf(store: Store, input: CloudWatch.PutMetricAlarmCommandInput): Query {
  const {
    Namespace = '',
    MetricName = '',
    Dimensions,
    Period = 60,
    Statistic,
    ExtendedStatistic,
    Unit,
  } = input;
  if (input.Metrics) return queriesOf(store, input.Metrics).find(({ returnData }) => returnData)!;
  const metric = store.metric(Namespace, MetricName, Dimensions);
  const stat = Statistic ?? ExtendedStatistic ?? '';
  return { id: 'm1', label: metric.name, returnData: true, ...reading(metric, Period, stat, Unit) };
}

const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'];
/** The longest that an alarm may look back. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const WEEK_SECONDS = 7 * 86_400;

function refuseWrong(input: CloudWatch.PutMetricAlarmCommandInput) {
  const {
    Metrics,
    MetricName,
    Period = 60,
    EvaluationPeriods = 1,
    DatapointsToAlarm,
    TreatMissingData,
  } = input;
  if (input.ThresholdMetricId !== undefined) throw notModelled('alarms over anomaly detection bands');
  if (input.EvaluateLowSampleCountPercentile !== undefined)
    throw notModelled('EvaluateLowSampleCountPercentile of an alarm');
  refuseOther('comparisonOperator', input.ComparisonOperator, OPERATORS);
  if (TreatMissingData !== undefined && !TREATMENTS.includes(TreatMissingData))
    throw validation(
      `Option ${TreatMissingData} is not supported for TreatMissingData. Supported options are [${TREATMENTS.join(', ')}].`,
    );
  if (Metrics && MetricName !== undefined)
    throw invalidCombination(
      'The parameters MetricName and Metrics are mutually exclusive and you have specified both.',
    );
  if (!Metrics && MetricName === undefined) throw missing('The parameter MetricName must be specified.');
  if (!Metrics && !input.Statistic === !input.ExtendedStatistic)
    throw validation('Exactly one of the parameters Statistic and ExtendedStatistic must be specified.');
  if (Metrics && Metrics.filter(({ ReturnData = true }) => ReturnData).length !== 1)
    throw validation('Exactly one element of the metrics list should return data.');
  if (input.Threshold === undefined) throw missing('The parameter Threshold must be specified.');
  if ((DatapointsToAlarm ?? 1) > EvaluationPeriods)
    throw validation('The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  if (Period * EvaluationPeriods > WEEK_SECONDS)
    throw validation(
      'Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).',
    );
  refuseActions(input);
}

type Actions = Pick<
  CloudWatch.PutMetricAlarmCommandInput,
  'AlarmActions' | 'OKActions' | 'InsufficientDataActions'
>;

function refuseActions({ AlarmActions = [], OKActions = [], InsufficientDataActions = [] }: Actions) {
  for (const action of [...AlarmActions, ...OKActions, ...InsufficientDataActions])
    if (!action.startsWith('arn:aws:sns:')) throw notModelled(`the alarm action ${action}`);
}
