/** Filters that watch what is appended to a log group. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../errors.ts';
import { logPattern, type LogPattern } from './pattern.ts';

export interface LogFilter {
  filterName: string;
  filterPattern: string;
  creationTime: number;
}

export interface MetricFilter extends LogFilter {
  transformation: Logs.MetricTransformation;
}

export interface SubscriptionFilter extends LogFilter {
  /** Of a function. */
  destinationArn: string;
  distribution: Logs.Distribution;
  /** The principal whom the function lets in: `logs.amazonaws.com`, or that of the region. */
  service: string;
}

const known = new WeakMap<LogFilter, LogPattern>();

/** The pattern of a filter, read once. */
export function patternOf(filter: LogFilter): LogPattern {
  let pattern = known.get(filter);
  if (!pattern) known.set(filter, (pattern = logPattern(filter.filterPattern)));
  return pattern;
}

/** Throws InvalidParameterException. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
export function checkFilter(filterName = '', filterPattern = ''): void {
  if (filterName.length === 0 || filterName.length > 512)
    throw refused(
      filterName,
      'filterName',
      `have length ${filterName === '' ? 'greater than or equal to 1' : 'less than or equal to 512'}`,
    );
  if (/[:*]/.test(filterName))
    throw refused(filterName, 'filterName', 'satisfy regular expression pattern: [^:*]*');
  if (filterPattern.length > 1024)
    throw refused(filterPattern, 'filterPattern', 'have length less than or equal to 1024');
}

const refused = (value: string, member: string, constraint: string) =>
  new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );

/** Puts a filter in the place of one of its name, or throws LimitExceededException where there are enough. */
export function putFilter<Filter extends LogFilter>(
  into: Map<string, Filter>,
  filter: Filter,
  most: number,
): void {
  const before = into.get(filter.filterName);
  if (!before && into.size >= most) throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  into.set(filter.filterName, before ? { ...filter, creationTime: before.creationTime } : filter);
}

export function deleteFilter(from: Map<string, LogFilter>, filterName: string | undefined, kind: string) {
  if (!from.delete(filterName ?? ''))
    throw new AwsError('ResourceNotFoundException', `The specified ${kind} filter does not exist.`);
  return {};
}

/** In the order of their names. */
export const byName = <Filter extends LogFilter>(filters: Filter[], prefix = ''): Filter[] =>
  filters
    .filter(({ filterName }) => filterName.startsWith(prefix))
    .toSorted((a, b) => (a.filterName < b.filterName ? -1 : 1));
