import { describe, expect, it } from 'vitest';
import { batchesFailInPart } from '../../../infra/checks/batches-fail-in-part.ts';
import { batchesFitTheirWindow } from '../../../infra/checks/batches-fit-their-window.ts';
import type { Check } from '../../../infra/checks/check.ts';
import { concurrencyIsBounded } from '../../../infra/checks/concurrency-is-bounded.ts';
import { deadLetterQueuesFit } from '../../../infra/checks/dead-letter-queues-fit.ts';
import { enoughReceives } from '../../../infra/checks/enough-receives.ts';
import { queueMappingsDoNotFilter } from '../../../infra/checks/queue-mappings-do-not-filter.ts';
import { queuesKeepTwoWeeks } from '../../../infra/checks/queues-keep-two-weeks.ts';
import { visibilityCoversRetries } from '../../../infra/checks/visibility-covers-retries.ts';
import { arn, findings } from './sound.ts';

/** The problems that a check finds once these properties of a resource are changed. */
const changed = (check: Check, id: string, properties: object): string[] =>
  findings(check, ({ resources }) => Object.assign(resources[id]!.Properties, properties)).map(
    ({ problem }) => problem,
  );

describe('queues keep two weeks (F33, F34, B65)', () => {
  it('a queue', () => {
    expect(changed(queuesKeepTwoWeeks, 'Queue', { MessageRetentionPeriod: 345_600 })).toEqual([
      'it keeps messages for 345600 s, less than 1209600 s (14 days)',
    ]);
  });
  it.each(['DeadLetters', 'RuleDeadLetters'])('%s, left at the default', (id) => {
    expect(changed(queuesKeepTwoWeeks, id, { MessageRetentionPeriod: undefined })).toHaveLength(1);
  });
});

describe('dead-letter queues fit (F37, B71)', () => {
  const redrive = (deadLetterTargetArn: object) => ({
    RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 5 },
  });

  it('a queue that is its own', () => {
    expect(changed(deadLetterQueuesFit, 'Queue', redrive(arn('Queue')))).toEqual([
      'it is its own dead-letter queue',
    ]);
  });
  it('a queue that a rule dead-letters to as well, which SQS cannot redrive', () => {
    expect(changed(deadLetterQueuesFit, 'Queue', redrive(arn('RuleDeadLetters')))).toEqual([
      'RuleDeadLetters is the dead-letter queue of a rule too, whose letters SQS cannot move back',
    ]);
  });
  it('a FIFO queue for a standard one', () => {
    expect(changed(deadLetterQueuesFit, 'DeadLetters', { FifoQueue: true })).toEqual([
      'DeadLetters is FIFO and it is not',
    ]);
  });
});

describe('enough receives (F26, B64)', () => {
  it('fewer than five', () => {
    const few = { RedrivePolicy: { deadLetterTargetArn: arn('DeadLetters'), maxReceiveCount: 3 } };
    expect(changed(enoughReceives, 'Queue', few)).toEqual(['maxReceiveCount is 3, below 5']);
  });
  it('no dead-letter queue at all', () => {
    expect(changed(enoughReceives, 'Queue', { RedrivePolicy: undefined })).toEqual([
      'it has no dead-letter queue, so a poison message returns until it expires',
    ]);
  });
});

describe('visibility covers retries (F25, B63)', () => {
  it('less than six time-outs', () => {
    expect(changed(visibilityCoversRetries, 'Queue', { VisibilityTimeout: 179 })).toEqual([
      'it is 179 s, and Mapping needs at least 6 × 30 s + 0 s = 180 s',
    ]);
  });
  it('six time-outs, but not the window', () => {
    expect(changed(visibilityCoversRetries, 'Mapping', { MaximumBatchingWindowInSeconds: 300 })).toEqual([
      'it is 180 s, and Mapping needs at least 6 × 30 s + 300 s = 480 s',
    ]);
  });
  it('less than six time-outs of the function behind an alias', () => {
    const found = findings(visibilityCoversRetries, ({ resources }) => {
      resources['Queue']!.Properties.VisibilityTimeout = 179;
      resources['Alias'] = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Function' } } };
      const name = { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Alias' }] }] };
      resources['Mapping']!.Properties.FunctionName = { 'Fn::Join': ['', [name, ':live']] };
    });
    expect(found).toEqual([expect.objectContaining({ resource: 'Queue' })]);
  });
  it('both left at the default', () => {
    const found = findings(visibilityCoversRetries, ({ resources }) => {
      delete resources['Queue']!.Properties.VisibilityTimeout;
      delete resources['Function']!.Properties.Timeout;
    });
    expect(found).toEqual([]);
  });
});

it('batches fail in part (F28)', () => {
  expect(changed(batchesFailInPart, 'Mapping', { FunctionResponseTypes: undefined })).toEqual([
    'ReportBatchItemFailures is not set, so the records that the function reports as failed are deleted',
  ]);
});

describe('batches fit their window (B66)', () => {
  it('more than ten without a window', () => {
    expect(changed(batchesFitTheirWindow, 'Mapping', { BatchSize: 11 })).toEqual([
      'it is 11, above 10, without a batching window',
    ]);
  });
  it('a window of more than five minutes', () => {
    expect(changed(batchesFitTheirWindow, 'Mapping', { MaximumBatchingWindowInSeconds: 301 })).toEqual([
      'it is 301 s, above 300 s',
    ]);
  });
  it('a FIFO queue with more than ten and a window', () => {
    const found = findings(batchesFitTheirWindow, ({ resources }) => {
      resources['Queue']!.Properties.FifoQueue = true;
      Object.assign(resources['Mapping']!.Properties, { BatchSize: 20, MaximumBatchingWindowInSeconds: 1 });
    });
    expect(found.map(({ at }) => at)).toEqual([
      'Properties.BatchSize',
      'Properties.MaximumBatchingWindowInSeconds',
    ]);
  });
});

describe('concurrency is bounded (F26, B67)', () => {
  it.each([1, 1001])('%i is out of bounds', (MaximumConcurrency) => {
    expect(changed(concurrencyIsBounded, 'Mapping', { ScalingConfig: { MaximumConcurrency } })).toEqual([
      `it is ${MaximumConcurrency}, and must be 2 to 1000`,
    ]);
  });
  it('no bound', () => {
    expect(changed(concurrencyIsBounded, 'Mapping', { ScalingConfig: undefined })).toEqual([
      'it is not set, and must be 2 to 1000',
    ]);
  });
  it('more than is reserved for the function', () => {
    const found = findings(concurrencyIsBounded, ({ resources }) => {
      resources['Function']!.Properties.ReservedConcurrentExecutions = 4;
      resources['Mapping']!.Properties.ScalingConfig.MaximumConcurrency = 5;
    });
    expect(found[0]!.problem).toBe(
      'it is 5, and must be 2 to 4, the concurrency that is reserved for the function',
    );
  });
});

it('queue mappings do not filter (F32, B74)', () => {
  const filters = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"detail-type":["order.placed"]}}' }] } };
  expect(changed(queueMappingsDoNotFilter, 'Mapping', filters)).toEqual([
    'it filters, and what does not match is deleted from Queue',
  ]);
});
