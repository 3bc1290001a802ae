/**
 * Which records of a batch failed, by what the function returned. `all` where the answer names none that can be told.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedItems(payload: string, ids: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  const answer = parsed(payload);
  if (answer === null || answer === undefined) return NONE;
  if (typeof answer !== 'object') return 'all';
  const { batchItemFailures } = answer as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return NONE;
  if (!Array.isArray(batchItemFailures)) return 'all';
  const failed = new Set<string>();
  for (const item of batchItemFailures as unknown[]) {
    const { itemIdentifier } = (item ?? {}) as { itemIdentifier?: unknown };
    if (typeof itemIdentifier !== 'string' || !ids.has(itemIdentifier)) return 'all';
    failed.add(itemIdentifier);
  }
  return failed;
}

const NONE: ReadonlySet<string> = new Set();

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return '';
  }
}
