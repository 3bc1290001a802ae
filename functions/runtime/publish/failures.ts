import { Fault } from '../errors.ts';

/** What became of one message. `indeterminate`: it may have been accepted, the answer was lost. */
export type Result =
  | { kind: 'accepted' }
  | { kind: 'rejected' | 'indeterminate'; code: string; permanent: boolean };

/** There was no time left to send it. */
export const NOT_SENT: Result = { kind: 'rejected', code: 'NotSent', permanent: false };

/** One message that was not (surely) accepted. */
export interface Unsent {
  /** Its place in the list that was given. */
  index: number;
  id: string;
  /** AWS's error code; `NotSent` when the budget did not reach it, `BEHIND` when one of its key before it was not accepted. */
  code: string;
}

/** Not everything was accepted. What is in neither list was. Sending the same messages again, with their ids, is safe. */
export class PublishError extends Fault {
  readonly rejected: readonly Unsent[];
  readonly indeterminate: readonly Unsent[];

  constructor(rejected: readonly Unsent[], indeterminate: readonly Unsent[], count: number) {
    const codes = [...new Set([...rejected, ...indeterminate].map(({ code }) => code))].join(', ');
    super(
      'PUBLISH_FAILED',
      `of ${count} messages ${rejected.length} were rejected and ${indeterminate.length} may have been accepted: ${codes}`,
      {
        hint: 'Send those listed again, with the same ids: whoever got one already does nothing.',
      },
    );
    this.rejected = rejected;
    this.indeterminate = indeterminate;
  }
}

/**
 * Whether trying again can help, by AWS's error code without a trailing `Exception`. What is not listed is tried again,
 * within the budget.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html#API_SendMessageBatch_Errors
 */
const PERMANENT = new Set([
  'AccessDenied',
  'InvalidAccountId',
  'InvalidArgument',
  'MalformedDetail',
  'RedactionFailure',
  'NotAuthorizedForSource',
  'NotAuthorizedForDetailType',
  'ResourceNotFound',
  'Validation',
  'InvalidParameterValue',
  'InvalidMessageContents',
  'MissingParameter',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'UnsupportedOperation',
  'AWS.SimpleQueueService.UnsupportedOperation',
  'BatchRequestTooLong',
  'InvalidSecurity',
  'KMS.AccessDenied',
  'KMS.NotFound',
  'KMS.Disabled',
  // the same, as SQS names them of a whole call
  'KmsAccessDenied',
  'KmsNotFound',
  'KmsDisabled',
]);

export const isPermanent = (code: string): boolean => PERMANENT.has(code.replace(/Exception$/, ''));

/** A call that failed as a whole: refused (nothing was accepted), or without an answer that says so. */
export function callFailure(error: unknown): { code: string; ambiguous: boolean } {
  const {
    name = 'Error',
    $metadata,
    $response,
  } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const ambiguous = status === undefined || (status >= 500 && !/Throttl|ServiceUnavailable/.test(name));
  return { code: name, ambiguous };
}
