import { AwsError } from '../../errors.ts';
import type { LambdaFunction } from './function.ts';

/** The default of an account. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
export const ACCOUNT_CONCURRENCY = 1000;

/** Why a function may not run once more, if it may not. */
export function limitReached(fn: LambdaFunction, functions: Iterable<LambdaFunction>): string | undefined {
  if (fn.reserved !== undefined)
    return fn.running >= fn.reserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : undefined;
  let taken = 0;
  for (const other of functions) taken += other.reserved ?? other.running;
  return taken >= ACCOUNT_CONCURRENCY ? 'ConcurrentInvocationLimitExceeded' : undefined;
}

export const throttled = (Reason: string): AwsError =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429, Reason, Type: 'User' });
