import type { World } from '../../../world.ts';
import { invalid } from '../refusals.ts';
import type { Configuration } from './mapping.ts';

/** What Lambda checks of a mapping of a queue. `timeout` is the function's, in seconds. */
export function checkQueueMapping(world: World, timeout: number, configuration: Configuration): void {
  checkMembers(configuration);
  checkBatching(configuration);
  const visibility = world.service('sqs').visibilityOf(configuration.EventSourceArn);
  if (visibility === undefined)
    throw invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  if (visibility < timeout)
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
    );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html says which members are of a queue. */
export const OF_STREAMS = [
  'DestinationConfig',
  'ParallelizationFactor',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'TumblingWindowInSeconds',
] as const;

/** What is said of StartingPosition is quoted in https://github.com/motdotla/node-lambda/issues/466 */
function checkMembers(configuration: Configuration): void {
  const unsupported = OF_STREAMS.find((member) => configuration[member] !== undefined);
  if (unsupported) throw invalid(`Unsupported ${unsupported} parameter for given event source mapping type.`);
  if (configuration.StartingPosition !== undefined)
    throw invalid('StartingPosition is not valid for SQS event sources.');
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
