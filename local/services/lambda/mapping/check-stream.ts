import { notModelled } from '../../../errors.ts';
import type { World } from '../../../world.ts';
import { invalid } from '../refusals.ts';
import type { Configuration } from './mapping.ts';

/** What Lambda checks of a mapping of a DynamoDB stream. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export function checkStreamMapping(world: World, configuration: Configuration): void {
  const {
    EventSourceArn,
    StartingPosition,
    BatchSize,
    MaximumBatchingWindowInSeconds: window,
  } = configuration;
  if (!StartingPosition)
    throw invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  if (StartingPosition === 'AT_TIMESTAMP')
    throw invalid('Unsupported starting position for stream type: AT_TIMESTAMP');
  if (configuration.ScalingConfig)
    throw invalid('Unsupported ScalingConfig parameter for given event source mapping type.');
  within(BatchSize, 1, 10_000, 'BatchSize');
  within(window, 0, 300, 'MaximumBatchingWindowInSeconds');
  within(configuration.ParallelizationFactor ?? 1, 1, 10, 'ParallelizationFactor');
  within(configuration.MaximumRetryAttempts ?? -1, -1, 10_000, 'MaximumRetryAttempts');
  checkAge(configuration.MaximumRecordAgeInSeconds ?? -1);
  if (configuration.TumblingWindowInSeconds) throw notModelled('tumbling windows of event source mappings');
  const destination = configuration.DestinationConfig?.OnFailure?.Destination;
  if (destination && !/:(sqs|sns):/.test(destination))
    throw notModelled(`on-failure destinations such as ${destination}`);
  if (!streamExists(world, EventSourceArn)) throw invalid(`Stream not found: ${EventSourceArn}`);
}

function within(value: number, low: number, high: number, name: string): void {
  if (value < low || value > high) throw invalid(`${name} must be between ${low} and ${high}.`);
}

/** In the words quoted in https://github.com/hashicorp/terraform-provider-aws/pull/16113 */
function checkAge(seconds: number): void {
  if (seconds !== -1 && (seconds < 60 || seconds > 604_800))
    throw invalid(
      'MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)',
    );
}

function streamExists(world: World, arn: string): boolean {
  try {
    world.service('dynamodb').whenStreamed(arn, () => {})();
    return true;
  } catch {
    return false;
  }
}
