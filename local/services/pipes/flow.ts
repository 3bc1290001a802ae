/** A pipe as the pollers of event source mappings know one: where its records come from, and what becomes of them. */
import type * as Pipes from '@aws-sdk/client-pipes';
import type { World } from '../../world.ts';
import { partsOf } from '../events/calls.ts';
import { patterns } from '../lambda/mapping/check.ts';
import type { Configuration, Mapping, Poller, Target } from '../lambda/mapping/mapping.ts';
import { sqsPoller } from '../lambda/mapping/sqs.ts';
import { streamPoller } from '../lambda/mapping/stream.ts';
import { sessionOf } from './call.ts';
import type { Pipe } from './pipe.ts';
import { runnerOf } from './run.ts';
import { most } from './targets.ts';

/** @param resumed whether it goes on where the last process was */
export function pollerOf(world: World, pipe: Pipe, resumed: boolean): Poller {
  const target = targetOf(world, pipe);
  return isQueue(pipe)
    ? sqsPoller(world, mappingOf(pipe), target)
    : streamPoller(world, mappingOf(pipe), target, resumed);
}

type Defined = Pick<Pipe, 'id' | 'arn' | 'modified' | 'definition'>;

/** Throws InvalidParameterValueException for filters that are no patterns. */
export function mappingOf(pipe: Defined): Mapping {
  const { SourceParameters = {}, Target: target } = pipe.definition;
  const { SqsQueueParameters = {}, DynamoDBStreamParameters: stream, FilterCriteria } = SourceParameters;
  const { BatchSize, MaximumBatchingWindowInSeconds = 0 } = stream ?? SqsQueueParameters;
  const configuration: Configuration = {
    UUID: pipe.id,
    EventSourceArn: pipe.definition.Source,
    FunctionArn: pipe.arn,
    LastModified: new Date(pipe.modified),
    BatchSize: BatchSize ?? Math.min(isQueue(pipe) ? 10 : 100, most(target)),
    MaximumBatchingWindowInSeconds,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...(stream && streamSettings(stream)),
  };
  return { configuration, filters: patterns(FilterCriteria?.Filters, 'stream') };
}

const isQueue = ({ definition }: Defined) => partsOf(definition.Source).service === 'sqs';

const streamSettings = (stream: Pipes.PipeSourceDynamoDBStreamParameters): Partial<Configuration> => ({
  StartingPosition: stream.StartingPosition!,
  ParallelizationFactor: stream.ParallelizationFactor ?? 1,
  MaximumRetryAttempts: stream.MaximumRetryAttempts ?? -1,
  MaximumRecordAgeInSeconds: stream.MaximumRecordAgeInSeconds ?? -1,
  BisectBatchOnFunctionError: stream.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT',
  ...(stream.DeadLetterConfig && {
    DestinationConfig: { OnFailure: { Destination: stream.DeadLetterConfig.Arn } },
  }),
});

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
const LONGEST_EXECUTION_MS = 7 * 60_000;
const MOST_EXECUTIONS = 1000;

const targetOf = (world: World, pipe: Pipe): Target => {
  const run = runnerOf(world, pipe);
  return {
    invoke: ({ Records }) => run(Records),
    session: () => sessionOf(world, pipe),
    timeoutMs: () => LONGEST_EXECUTION_MS,
    atOnce: MOST_EXECUTIONS,
    notice: (condition) => ({ context: { partnerResourceArn: pipe.arn, condition } }),
    tellAge: () => {},
  };
};
