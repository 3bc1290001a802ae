import type { World } from '../../../world.ts';
import type { Abandoned, Mapping, Result, Target } from './mapping.ts';
import { attempted } from './retry.ts';
import type { Batch } from './stream-batch.ts';
import { arrival, sequenceOf } from './stream-record.ts';

/**
 * Tells the on-failure destination which records were given up: where they are, not what they hold.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function tellDestination(
  world: World,
  { configuration }: Mapping,
  target: Target,
  { shardId, records }: Batch,
  condition: Abandoned,
  invokes: number,
  result: Result | undefined,
): Promise<void> {
  const arn = configuration.DestinationConfig?.OnFailure?.Destination;
  if (!arn) return;
  const first = records[0]!;
  const last = records.at(-1)!;
  const body = JSON.stringify({
    ...target.notice(condition, invokes, result),
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
