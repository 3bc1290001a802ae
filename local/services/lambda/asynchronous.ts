import { AwsError } from '../../errors.ts';
import type { Outcome } from '../../hosts/host.ts';
import { deliver, type Condition, type Undelivered } from './destination.ts';
import type { Registry, Resolved } from './registry.ts';
import type { Invoke, Run } from './run.ts';

/** Asynchronous invocations: accepted at once, run when there is room, tried again by the clock, reported to destinations. */
export interface Asynchronous {
  accept(target: Resolved, run: Run): void;
}

/** An accepted event on its way. All of its attempts share one request id. */
interface Accepted {
  target: Resolved;
  run: Run;
  at: number;
  /** Times that the function ran and failed. */
  failures: number;
  /** Times that there was no room. */
  throttles: number;
}

export function asynchronous(registry: Registry, invoke: Invoke): Asynchronous {
  const { world, functions, resolved } = registry;

  const finish = (accepted: Accepted, condition: Condition, outcome?: Outcome) => {
    const { target, run, failures } = accepted;
    const record: Undelivered = {
      target,
      run,
      condition,
      invokes: condition === 'Success' ? failures + 1 : failures,
      outcome,
    };
    return deliver(registry, record);
  };
  /** Again after `ms`, unless the event would be too old by then. */
  const again = (accepted: Accepted, ms: number, outcome?: Outcome) => {
    if (world.clock.now() + ms - accepted.at > limits(accepted.target).ageMs)
      return finish(accepted, 'EventAgeExceeded', outcome);
    world.clock.after(ms, () => void attempt(accepted));
    return undefined;
  };
  const failed = (accepted: Accepted, outcome: Outcome) => {
    accepted.failures++;
    return accepted.failures > limits(accepted.target).retries
      ? finish(accepted, 'RetriesExhausted', outcome)
      : again(accepted, RETRY_MS * accepted.failures, outcome);
  };
  const attempt = async (accepted: Accepted): Promise<void> => {
    const { target, run } = accepted;
    if (!functions.has(target.fn.name)) return;
    if (target.fn.reserved === 0) return finish(accepted, 'ZeroReservedConcurrency');
    try {
      // The code may have been replaced meanwhile: what waits runs on the new one.
      const outcome = await invoke(resolved(target.arn), run);
      if (outcome.failed) await failed(accepted, outcome);
      else await finish(accepted, 'Success', outcome);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      await again(accepted, Math.min(FIRST_THROTTLE_MS * 2 ** accepted.throttles++, LONGEST_THROTTLE_MS));
    }
  };

  return {
    accept: (target, run) => void attempt({ target, run, at: world.clock.now(), failures: 0, throttles: 0 }),
  };
}

function limits({ fn, qualifier = '$LATEST' }: Resolved) {
  const { MaximumRetryAttempts = 2, MaximumEventAgeInSeconds = 21_600 } =
    fn.invokeConfigs.get(qualifier) ?? {};
  return { retries: MaximumRetryAttempts, ageMs: MaximumEventAgeInSeconds * 1000 };
}

/** A failed event is tried again after one minute, then after two. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_MS = 60_000;

/** Where there is no room, waits grow from one second to five minutes. Same source. */
const FIRST_THROTTLE_MS = 1000;
const LONGEST_THROTTLE_MS = 300_000;
