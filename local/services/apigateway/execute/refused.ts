/** What API Gateway itself refuses, before or instead of an integration's answer. */
import type { ResponseType } from '../gateway-responses.ts';

export class Refused extends Error {
  /** Which of the API's gateway responses words it. */
  readonly type: ResponseType;
  /** For the header `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** @default what the response type says */
  readonly status: number | undefined;
  /** What a body did wrong: `$context.error.validationErrorString`. @default nothing */
  readonly validation: string | undefined;

  /** @param said what `message` is, or `null` where AWS says nothing */
  constructor(
    type: ResponseType,
    errorType: string,
    said: string | null,
    { status, validation }: { status?: number; validation?: string } = {},
  ) {
    super(said ?? '');
    this.type = type;
    this.errorType = errorType;
    this.status = status;
    this.validation = validation;
  }
}

export const forbidden = () => new Refused('INVALID_API_KEY', 'ForbiddenException', 'Forbidden');

/** What clients see of every fault behind the gateway. @param status 500 where API Gateway could not even ask, 502 where the answer was no good */
export const internalError = (type: ResponseType, status: 500 | 502) =>
  new Refused(type, 'InternalServerErrorException', 'Internal server error', { status });
