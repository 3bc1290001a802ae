import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { missingParameter } from './errors.ts';

interface Result<S> {
  /** @default nothing succeeded */
  Successful: (S & { Id: string })[] | undefined;
  /** @default nothing failed */
  Failed: SQS.BatchResultErrorEntry[] | undefined;
}

/** Refuses a batch as a whole. `kind` is the name of the entries' shape, which SQS mentions. */
export function checkBatch<E extends { Id?: string | undefined }>(
  kind: string,
  entries: E[] | undefined,
): E[] {
  if (!entries) throw missingParameter('Entries');
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const seen = new Set<string>();
  for (const [i, { Id }] of entries.entries()) {
    if (Id === undefined) throw missingParameter(`${kind}.${i + 1}.Id`);
    if (!/^[\w-]{1,80}$/.test(Id))
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    if (seen.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
  return entries;
}

/** Runs each entry by itself, so that some may fail while others succeed. Lists without entries are left out. */
export function each<E extends { Id?: string | undefined }, S extends object>(
  entries: E[],
  run: (entry: E, i: number) => S,
): Result<S> {
  const Successful: (S & { Id: string })[] = [];
  const Failed: SQS.BatchResultErrorEntry[] = [];
  for (const [i, entry] of entries.entries()) {
    const Id = entry.Id!;
    try {
      Successful.push({ Id, ...run(entry, i) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, SenderFault: true, Code: LEGACY[error.code] ?? error.code, Message: error.message });
    }
  }
  return { Successful: orNothing(Successful), Failed: orNothing(Failed) };
}

const orNothing = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list);

/** Entries carry the code of the query protocol, where it differs from the shape's name. */
const LEGACY: Record<string, string> = {
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
};
