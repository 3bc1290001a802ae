import { milliseconds } from '../../duration.ts';
import type { Disturbance, Outcome } from '../../hosts/host.ts';
import type { World } from '../../world.ts';
import { limitReached, throttled } from './concurrency.ts';
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

export function running({ world, host, functions, meter }: Registry): Invoke {
  const admit = ({ fn }: Resolved) => {
    const reason = limitReached(fn, functions.values());
    if (reason === undefined) return;
    meter(fn.name).Throttles(1);
    throw throttled(reason);
  };

  return async (target, { requestId, payload, clientContext, traceId = newTrace(world) }) => {
    admit(target);
    const { fn, revision, arn } = target;
    const measured = meter(fn.name);
    fn.running++;
    measured.Invocations(1);
    measured.ConcurrentExecutions(fn.running);
    try {
      const outcome = await host.invoke(revision.hosted, {
        requestId,
        payload,
        functionArn: arn,
        clientContext,
        traceId,
        disturbance: disturbanceOf(world, fn.arn),
      });
      world.service('logs').append(revision.hosted.logGroup, outcome.logStream, outcome.lines);
      const { failed, durationMs } = outcome;
      measured.Duration(durationMs);
      measured.Errors(failed ? 1 : 0);
      world.activity.tell({ kind: 'invocation', function: fn.name, requestId, failed, durationMs });
      return outcome;
    } finally {
      fn.running--;
    }
  };
}

/** `Root=1-<seconds, 8 digits>-<24 digits>;Parent=<16 digits>;Sampled=0` */
function newTrace({ random, clock }: World): string {
  const seconds = Math.floor(clock.now() / 1000).toString(16);
  return `Root=1-${seconds}-${random.hex(24)};Parent=${random.hex(16)};Sampled=0`;
}

/** The declared faults that strike this invocation. */
function disturbanceOf({ faults, random }: World, arn: string): Disturbance | undefined {
  if (!faults.any) return undefined;
  const place = { service: 'lambda', operation: 'Invoke', targets: [arn] };
  const crash = faults.hits('crash', place);
  const freeze = faults.hits('freeze', place);
  const skew = faults.hits('skew', place);
  if (!crash && !freeze && !skew) return undefined;
  return {
    step: random.integer(0, LAST_STEP),
    crash: crash !== undefined,
    freezeMs: freeze ? milliseconds(freeze.by ?? '1s') : 0,
    skewMs: skew ? milliseconds(skew.by ?? '1s') : 0,
  };
}

/** Half calls to AWS until a crash or freeze, at most; an invocation of fewer is struck at its end. */
const LAST_STEP = 9;
