import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';

/**
 * Without this flag Lambda ignores `batchItemFailures` and deletes the whole batch, the failed records too. F28.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const batchesFailInPart: Check = {
  name: 'batches-fail-in-part',
  proves: 'Every mapping of a queue reports which records of a batch failed.',
  find: ({ template }) =>
    queueMappingsOf(template)
      .filter(
        ({ mapping }) => !mapping.Properties['FunctionResponseTypes']?.includes('ReportBatchItemFailures'),
      )
      .map(({ mapping }) => ({
        resource: mapping.id,
        at: 'Properties.FunctionResponseTypes',
        problem:
          'ReportBatchItemFailures is not set, so the records that the function reports as failed are deleted',
        fix: 'Set reportBatchItemFailures: true.',
      })),
};
