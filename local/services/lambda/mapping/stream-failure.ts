import type { Outcome } from '../../../hosts/host.ts';
import type { World } from '../../../world.ts';
import type { Mapping, Target } from './mapping.ts';
import { attempted } from './retry.ts';
import type { Batch } from './stream-batch.ts';
import { arrival, sequenceOf } from './stream-record.ts';

/**
 * Tells the mapping's on-failure destination which records were given up: where they are, not what they hold.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function tellDestination(
  world: World,
  { configuration }: Mapping,
  target: Target,
  { shardId, records }: Batch,
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
  invokes: number,
  outcome: Outcome | undefined,
): Promise<void> {
  const arn = configuration.DestinationConfig?.OnFailure?.Destination;
  if (!arn) return;
  const first = records[0]!;
  const last = records.at(-1)!;
  const body = JSON.stringify({
    requestContext: {
      requestId: world.random.uuid(),
      functionArn: configuration.FunctionArn,
      condition,
      approximateInvokeCount: invokes,
    },
    ...(outcome && {
      responseContext: { statusCode: 200, executedVersion: target.version(), functionError: 'Unhandled' },
    }),
    version: '1.0',
    timestamp: iso(world.clock.now()),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: iso(arrival(first)),
      approximateArrivalOfLastRecord: iso(arrival(last)),
      batchSize: records.length,
      streamArn: configuration.EventSourceArn,
    },
  });
  await attempted(configuration, () =>
    arn.includes(':sns:')
      ? world.call(target.session(), 'sns', 'Publish', { TopicArn: arn, Message: body })
      : world.call(target.session(), 'sqs', 'SendMessage', {
          QueueUrl: world.service('sqs').urlOf(arn) ?? arn,
          MessageBody: body,
        }),
  );
}

const iso = (ms: number) => new Date(ms).toISOString();
