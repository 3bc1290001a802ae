/** Metrics that are counted from log events. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { byName, checkFilter, deleteFilter, putFilter, type MetricFilter } from './filters.ts';
import { paged } from './paging.ts';
import { logPattern, type LogPattern } from './pattern.ts';
import { isNumber } from './pattern/condition.ts';
import type { LogGroup, LogStore } from './store.ts';

/** Of a log group. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_FILTERS = 100;
const MOST_DIMENSIONS = 3;

export function metricFilterOperations({ world, groups, groupOf }: LogStore) {
  return {
    PutMetricFilter(input: Logs.PutMetricFilterCommandInput) {
      const { logGroupName, filterName = '', filterPattern = '', metricTransformations = [] } = input;
      const { metricFilters } = groupOf(logGroupName);
      checkFilter(filterName, filterPattern);
      refuseUnmodelled(input);
      const pattern = logPattern(filterPattern);
      const [transformation] = metricTransformations;
      if (!transformation || metricTransformations.length > 1)
        throw invalid(
          `1 validation error detected: Value at 'metricTransformations' failed to satisfy constraint: Member must have length ${transformation ? 'less' : 'greater'} than or equal to 1`,
        );
      checkTransformation(transformation, pattern);
      const creationTime = world.clock.now();
      putFilter(metricFilters, { filterName, filterPattern, creationTime, transformation }, MOST_FILTERS);
      return {} satisfies Answer<Logs.PutMetricFilterCommandOutput>;
    },

    DescribeMetricFilters(input: Logs.DescribeMetricFiltersCommandInput) {
      const { logGroupName, filterNamePrefix, metricName, metricNamespace, limit = 50, nextToken } = input;
      const wanted = ({ transformation }: MetricFilter) =>
        (metricName ?? transformation.metricName) === transformation.metricName &&
        (metricNamespace ?? transformation.metricNamespace) === transformation.metricNamespace;
      const within = logGroupName === undefined ? [...groups.values()] : [groupOf(logGroupName)];
      const all = within.flatMap((group) =>
        byName([...group.metricFilters.values()].filter(wanted), filterNamePrefix).map(describedIn(group)),
      );
      const { page, next } = paged(all, nextToken, limit);
      return { metricFilters: page, ...next } satisfies Answer<Logs.DescribeMetricFiltersCommandOutput>;
    },

    DeleteMetricFilter({ logGroupName, filterName }: Logs.DeleteMetricFilterCommandInput) {
      return deleteFilter(groupOf(logGroupName).metricFilters, filterName, 'metric');
    },

    TestMetricFilter({ filterPattern, logEventMessages = [] }: Logs.TestMetricFilterCommandInput) {
      const { match } = logPattern(filterPattern);
      const matches = logEventMessages.flatMap((eventMessage, i) => {
        const fields = match(eventMessage);
        if (!fields) return [];
        const named = Object.entries(fields.extracted).map(([name, value]) => [`$${name}`, value]);
        return {
          eventNumber: i + 1,
          eventMessage,
          extractedValues: Object.fromEntries(named) as Record<string, string>,
        };
      });
      return { matches } satisfies Answer<Logs.TestMetricFilterCommandOutput>;
    },
  };
}

const describedIn =
  ({ name }: LogGroup) =>
  ({ filterName, filterPattern, creationTime, transformation }: MetricFilter): Logs.MetricFilter => ({
    filterName,
    filterPattern,
    metricTransformations: [transformation],
    creationTime,
    logGroupName: name,
    applyOnTransformedLogs: false,
  });

function refuseUnmodelled(input: Logs.PutMetricFilterCommandInput): void {
  if (input.applyOnTransformedLogs) throw notModelled('filters on transformed logs');
  if (input.fieldSelectionCriteria) throw notModelled('field selection criteria of filters');
  if (input.emitSystemFieldDimensions?.length) throw notModelled('system fields as dimensions');
}

function checkTransformation(
  { metricValue = '', defaultValue, dimensions = {} }: Logs.MetricTransformation,
  pattern: LogPattern,
): void {
  const wrong = (what: string) => invalid(`Invalid metric transformation: ${what}`);
  const selectors = Object.values(dimensions);
  if (selectors.length > 0 && defaultValue !== undefined)
    throw wrong('dimensions and default value are mutually exclusive properties');
  if (selectors.length > 0 && !pattern.hasFields)
    throw invalid('The specified filter pattern does not support dimensions');
  if (selectors.length > MOST_DIMENSIONS)
    throw wrong(`the number of dimensions must not exceed ${MOST_DIMENSIONS}`);
  if (!selectors.every(pattern.names)) throw wrong('dimension value must be valid selector');
  if (!isNumber(metricValue) && !pattern.names(metricValue))
    throw wrong(`metric value ${metricValue} must be a valid number`);
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
