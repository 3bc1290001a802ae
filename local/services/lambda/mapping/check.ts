import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError, notModelled } from '../../../errors.ts';
import type { Call } from '../../../service.ts';
import { compilePattern, type Pattern } from '../../events/pattern/compile.ts';
import { checkSource } from '../execution-role.ts';
import { invalid } from '../refusals.ts';
import type { Registry } from '../registry.ts';
import { checkQueueMapping, OF_STREAMS } from './check-queue.ts';
import { checkStreamMapping } from './check-stream.ts';
import type { Configuration, Mapping } from './mapping.ts';

type Input = Lambda.CreateEventSourceMappingRequest & Lambda.UpdateEventSourceMappingRequest;

/** The mapping that `input` makes of `before`. Throws what Lambda would refuse. */
export function checked(
  registry: Registry,
  call: Call,
  input: Partial<Input>,
  before: Partial<Configuration>,
): Mapping {
  refuseUnmodelled(input);
  checkLists(input);
  const { EventSourceArn = '' } = input;
  const source = sourceOf(EventSourceArn);
  const FunctionArn =
    input.FunctionName === undefined ? before.FunctionArn! : functionArn(registry, input.FunctionName);
  const configuration: Configuration = {
    ...before,
    ...given(input),
    UUID: before.UUID!,
    EventSourceArn,
    FunctionArn,
    BatchSize: input.BatchSize ?? before.BatchSize ?? (source === 'queue' ? 10 : 100),
    MaximumBatchingWindowInSeconds:
      input.MaximumBatchingWindowInSeconds ?? before.MaximumBatchingWindowInSeconds ?? 0,
    FunctionResponseTypes: input.FunctionResponseTypes ?? before.FunctionResponseTypes ?? [],
  };
  if (!configuration.FilterCriteria?.Filters?.length) delete configuration.FilterCriteria;
  const { world, resolved } = registry;
  const target = resolved(FunctionArn).revision.configuration;
  if (source === 'queue') checkQueueMapping(world, target.Timeout, configuration);
  else checkStreamMapping(world, configuration);
  checkSource(world, target, EventSourceArn, call);
  return { configuration, filters: patterns(configuration.FilterCriteria?.Filters, source) };
}

/** What a mapping of a stream has besides, with Lambda's defaults. */
export const STREAM_DEFAULTS = {
  ParallelizationFactor: 1,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  BisectBatchOnFunctionError: false,
  TumblingWindowInSeconds: 0,
  DestinationConfig: { OnFailure: {} },
};

const OPTIONAL = ['FilterCriteria', 'ScalingConfig', 'StartingPosition', ...OF_STREAMS] as const;

const given = (input: Partial<Input>): Partial<Configuration> =>
  Object.fromEntries(OPTIONAL.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));

export type Source = 'queue' | 'stream';

export function sourceOf(arn: string): Source {
  const [, , service, , , resource = ''] = arn.split(':');
  if (service === 'sqs') return 'queue';
  if (service === 'dynamodb' && resource.startsWith('table/') && resource.split('/')[2] === 'stream')
    return 'stream';
  if (service === 'kinesis' || service === 'kafka' || service === 'mq' || service === 'rds')
    throw notModelled(`event source mappings of ${service}`);
  throw invalid('Unrecognized event source.');
}

function refuseUnmodelled(input: Partial<Input>): void {
  if (input.ProvisionedPollerConfig) throw notModelled('provisioned pollers of event source mappings');
  if (input.KMSKeyArn) throw notModelled('encrypted filter criteria of event source mappings');
  if (input.StartingPositionTimestamp)
    throw notModelled('StartingPositionTimestamp of event source mappings');
  if (input.MetricsConfig?.Metrics?.length) throw notModelled('metrics of event source mappings');
  if (
    input.Topics ||
    input.Queues ||
    input.SelfManagedEventSource ||
    input.SourceAccessConfigurations?.length
  )
    throw notModelled('event source mappings of Kafka and Amazon MQ');
}

function checkLists({ FunctionResponseTypes = [], FilterCriteria }: Partial<Input>): void {
  if (FunctionResponseTypes.some((type) => type !== 'ReportBatchItemFailures'))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '[${FunctionResponseTypes.join(', ')}]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy enum value set: [ReportBatchItemFailures]`,
    );
  if ((FilterCriteria?.Filters?.length ?? 0) > MOST_FILTERS)
    throw invalid(`The maximum number of filters is ${MOST_FILTERS}.`);
}

/** Without a raised quota. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const MOST_FILTERS = 5;

/** With the qualifier that it was named with. */
function functionArn({ resolved }: Registry, FunctionName: string): string {
  try {
    return resolved(FunctionName).arn;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException')
      throw invalid('Function does not exist');
    throw error;
  }
}

/** Any of them lets a record through. Filters are event patterns over the record; https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
export function patterns(filters: Lambda.Filter[] = [], source: Source): Pattern[] {
  return filters.map(({ Pattern = '{}' }) => {
    if (Buffer.byteLength(Pattern) > 4096) throw invalid('Filter pattern exceeds 4096 characters.');
    try {
      const keys = Object.keys(JSON.parse(Pattern) as object);
      if (source === 'queue' && keys.some((key) => key !== 'body')) throw new TypeError(Pattern);
      return keys.length === 0
        ? Object.assign(() => true, { detailTypes: undefined })
        : compilePattern(Pattern);
    } catch {
      throw invalid('Invalid filter pattern definition.');
    }
  });
}
