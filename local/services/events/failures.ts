/** What EventBridge makes of a failed call. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
import { AwsError } from '../../errors.ts';
import { LostAnswer } from '../../faults/failing.ts';

/** How long an endpoint has to answer. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
export const LONGEST_MS = 5000;

/** An API destination did not answer, or did not answer well. */
export class HttpFailure extends AwsError {
  /** As in a dead letter. */
  readonly errorCode: string;
  readonly retriable: boolean;
  /** How long it asked us to wait; less than 0: for ever. */
  readonly retryAfterMs: number;

  constructor(
    message: string,
    errorCode: string,
    { retriable, retryAfterMs = 0 }: { retriable: boolean; retryAfterMs?: number },
  ) {
    super('ApiDestinationFailure', `Unable to invoke ApiDestination endpoint: ${message}`);
    this.errorCode = errorCode;
    this.retriable = retriable && retryAfterMs >= 0;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Throttling, failures of the service and of the network may pass; what is missing, forbidden or wrong does not. */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  if (error instanceof HttpFailure) return error.retriable;
  if (error.code === 'NotImplemented') return false;
  return THROTTLED.test(error.code) || TIMED_OUT.test(error.code) || isOfTheService(error);
}

/** The ERROR_CODE of a dead letter. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof LostAnswer) return 'CONNECTION_FAILURE';
  if (!(error instanceof AwsError)) return 'INTERNAL_ERROR';
  if (error instanceof HttpFailure) return error.errorCode;
  const { code } = error;
  if (code === 'FailedToAssumeRole') return 'FAILED_TO_ASSUME_ROLE';
  if (THROTTLED.test(code)) return 'THROTTLING';
  if (TIMED_OUT.test(code)) return 'TIMEOUT';
  if (isOfTheService(error)) return 'ERROR_FROM_TARGET';
  if (/AccessDenied|NotAuthorized|AuthorizationError|InvalidSecurity/i.test(code)) return 'NO_PERMISSIONS';
  if (/NotFound|DoesNotExist|NonExistent/i.test(code)) return 'NO_RESOURCE';
  if (/^KmsInvalidState/i.test(code)) return 'SDK_CLIENT_ERROR';
  if (/LimitExceeded|OverLimit/i.test(code)) return 'RESOURCE_LIMIT_EXCEEDED';
  if (/Invalid|Validation|Missing|Malformed|Unsupported|TooLarge/i.test(code)) return 'INVALID_PARAMETER';
  return 'SDK_CLIENT_ERROR';
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|EC2ThrottledException/i;
const TIMED_OUT = /Time(d)?-?out|RequestExpired/i;
const isOfTheService = ({ status, code }: AwsError) =>
  (status !== undefined && status >= 500) || /^(Internal|ServiceUnavailable|ServiceException)/.test(code);
