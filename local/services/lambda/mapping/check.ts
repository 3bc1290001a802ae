import type * as Lambda from '@aws-sdk/client-lambda';
import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError, notModelled } from '../../../errors.ts';
import { administrator } from '../../../principal.ts';
import type { World } from '../../../world.ts';
import { compilePattern, type Pattern } from '../../events/pattern/compile.ts';
import { invalid, type Registry } from '../registry.ts';
import type { Configuration, Mapping } from './mapping.ts';

type Input = Lambda.CreateEventSourceMappingRequest & Lambda.UpdateEventSourceMappingRequest;

/** The mapping that `input` makes of `before`. Throws what Lambda would refuse. */
export async function checked(
  registry: Registry,
  input: Partial<Input>,
  before: Partial<Configuration>,
): Promise<Mapping> {
  refuseUnmodelled(input);
  const { EventSourceArn = '' } = input;
  const source = EventSourceArn.split(':')[2];
  if (source !== 'sqs') throw invalid('Unrecognized event source.');
  const FunctionArn =
    input.FunctionName === undefined ? before.FunctionArn! : functionArn(registry, input.FunctionName);
  const criteria = input.FilterCriteria ?? before.FilterCriteria;
  const types = input.FunctionResponseTypes ?? before.FunctionResponseTypes ?? [];
  const scaling = input.ScalingConfig ?? before.ScalingConfig;
  const configuration: Configuration = {
    ...before,
    UUID: before.UUID!,
    EventSourceArn,
    FunctionArn,
    BatchSize: input.BatchSize ?? before.BatchSize ?? 10,
    MaximumBatchingWindowInSeconds:
      input.MaximumBatchingWindowInSeconds ?? before.MaximumBatchingWindowInSeconds ?? 0,
    FunctionResponseTypes: types,
    ...(criteria && { FilterCriteria: criteria }),
    ...(scaling && { ScalingConfig: scaling }),
  };
  if (criteria && !criteria.Filters?.length) delete configuration.FilterCriteria;
  checkBatching(configuration);
  if (input.DestinationConfig)
    throw invalid('Unsupported DestinationConfig parameter for given event source mapping type.');
  await checkQueue(registry, configuration);
  return { configuration, filters: patterns(criteria?.Filters) };
}

function refuseUnmodelled(input: Partial<Input>): void {
  if (input.ProvisionedPollerConfig) throw notModelled('provisioned pollers of event source mappings');
  if (input.KMSKeyArn) throw notModelled('encrypted filter criteria of event source mappings');
  if (input.MetricsConfig?.Metrics?.length) throw notModelled('metrics of event source mappings');
  if (
    input.Topics ||
    input.Queues ||
    input.SelfManagedEventSource ||
    input.SourceAccessConfigurations?.length
  )
    throw notModelled('event source mappings of Kafka and Amazon MQ');
}

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

function checkBatching({
  EventSourceArn,
  BatchSize,
  MaximumBatchingWindowInSeconds: window,
  ScalingConfig,
}: Configuration): void {
  const fifo = EventSourceArn.endsWith('.fifo');
  const most = fifo ? 10 : 10_000;
  if (BatchSize < 1 || BatchSize > most)
    throw invalid(`Batch size must be between 1 and ${most} for ${fifo ? 'FIFO' : 'standard'} queues.`);
  if (fifo && window > 0) throw invalid('Batching window is not supported for FIFO queues.');
  if (window < 0 || window > 300) throw invalid('Maximum batch window in seconds must be between 0 and 300.');
  if (BatchSize > 10 && window === 0)
    throw invalid(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  const concurrency = ScalingConfig?.MaximumConcurrency;
  if (concurrency !== undefined && (concurrency < 2 || concurrency > 1000))
    throw invalid('MaximumConcurrency must be between 2 and 1000.');
}

async function checkQueue(
  { world, resolved }: Registry,
  { EventSourceArn, FunctionArn }: Configuration,
): Promise<void> {
  const { Attributes } = await attributesOf(world, EventSourceArn);
  const visibility = Number(Attributes?.['VisibilityTimeout']);
  const timeout = resolved(FunctionArn).revision.configuration.Timeout;
  if (visibility < timeout)
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
    );
}

function attributesOf(world: World, arn: string): Promise<SQS.GetQueueAttributesResult> {
  const QueueUrl = world.service('sqs').urlOf(arn);
  if (!QueueUrl)
    throw invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  return world.call(administrator(world.account), 'sqs', 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['VisibilityTimeout'],
  });
}

/** Filters are event patterns over the record; https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
function patterns(filters: Lambda.Filter[] = []): Pattern[] {
  if (filters.length > 10) throw invalid('The maximum number of filters is 10.');
  return filters.map(({ Pattern = '{}' }) => {
    if (Buffer.byteLength(Pattern) > 4096) throw invalid('Filter pattern exceeds 4096 characters.');
    try {
      const keys = Object.keys(JSON.parse(Pattern) as object);
      if (keys.some((key) => key !== 'body')) throw new TypeError(Pattern);
      return keys.length === 0
        ? Object.assign(() => true, { detailTypes: undefined })
        : compilePattern(Pattern);
    } catch {
      throw invalid('Invalid filter pattern definition.');
    }
  });
}
