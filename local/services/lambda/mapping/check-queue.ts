import type * as SQS from '@aws-sdk/client-sqs';
import { administrator } from '../../../principal.ts';
import type { World } from '../../../world.ts';
import { invalid } from '../refusals.ts';
import type { Configuration } from './mapping.ts';

/** What Lambda checks of a mapping of a queue. `timeout` is the function's, in seconds. */
export async function checkQueueMapping(
  world: World,
  timeout: number,
  configuration: Configuration,
): Promise<void> {
  if (configuration.DestinationConfig)
    throw invalid('Unsupported DestinationConfig parameter for given event source mapping type.');
  checkBatching(configuration);
  const visibility = await visibilityTimeout(world, configuration.EventSourceArn);
  if (visibility < timeout)
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
    );
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

async function visibilityTimeout(world: World, arn: string): Promise<number> {
  const QueueUrl = world.service('sqs').urlOf(arn);
  if (!QueueUrl)
    throw invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  const { Attributes } = await world.call<SQS.GetQueueAttributesResult>(
    administrator(world.account),
    'sqs',
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['VisibilityTimeout'] },
  );
  return Number(Attributes?.['VisibilityTimeout']);
}
