import { AwsError } from '../../errors.ts';
import type { Outcome } from '../../hosts/host.ts';
import type { Registry, Resolved } from './registry.ts';

/** One run of a function, whoever asked for it. */
export interface Run {
  requestId: string;
  /** JSON text. */
  payload: string;
  /** @default a new one */
  traceId?: string;
  /** JSON text. @default none */
  clientContext?: string | undefined;
}

/** Runs a function once. Throws TooManyRequestsException where its concurrency is used up. */
export type Invoke = (target: Resolved, run: Run) => Promise<Outcome>;

export function running({ world, host, functions }: Registry): Invoke {
  const unreserved = () => {
    let running = 0;
    let reserved = 0;
    for (const fn of functions.values()) {
      if (fn.reserved === undefined) running += fn.running;
      else reserved += fn.reserved;
    }
    return ACCOUNT_CONCURRENCY - reserved - running;
  };
  const admit = ({ fn }: Resolved) => {
    if (fn.reserved !== undefined && fn.running >= fn.reserved)
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (fn.reserved === undefined && unreserved() <= 0) throw throttled('ConcurrentInvocationLimitExceeded');
  };

  return async (
    target,
    { requestId, payload, clientContext, traceId = newTrace(world.random.hex(32), world.clock.now()) },
  ) => {
    admit(target);
    const { fn, revision, arn } = target;
    fn.running++;
    try {
      const outcome = await host.invoke(revision.hosted, {
        requestId,
        payload,
        functionArn: arn,
        clientContext,
        traceId,
      });
      world.service('logs').append(revision.hosted.logGroup, outcome.logStream, outcome.lines);
      world.activity.tell({
        kind: 'invocation',
        function: fn.name,
        requestId,
        failed: outcome.failed,
        durationMs: outcome.durationMs,
      });
      return outcome;
    } finally {
      fn.running--;
    }
  };
}

/** The default of an account. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
export const ACCOUNT_CONCURRENCY = 1000;

const throttled = (Reason: string) =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429, Reason, Type: 'User' });

/** `Root=1-<seconds, 8 digits>-<24 digits>;Parent=<16 digits>;Sampled=0` */
const newTrace = (hex: string, now: number) =>
  `Root=1-${Math.floor(now / 1000).toString(16)}-${hex.slice(0, 24)};Parent=${hex.slice(8, 24)};Sampled=0`;
