import { tasks } from '../../durability/tasks.ts';
import { AwsError } from '../../errors.ts';
import type { Outcome } from '../../hosts/host.ts';
import { deliver, type Condition, type Undelivered } from './destination.ts';
import { named } from './names.ts';
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
  /** When it is tried next, in milliseconds since 1970. @default now */
  due?: number;
  /** Times that the function ran and failed. */
  failures: number;
  /** Times that there was no room. */
  throttles: number;
}

export function asynchronous(registry: Registry, invoke: Invoke): Asynchronous {
  const { world, functions, resolved, meter } = registry;
  const { clock } = world;

  const finish = (accepted: Accepted, condition: Condition, outcome?: Outcome) => {
    const { target, run, failures } = accepted;
    if (condition !== 'Success') meter(target.fn.name).AsyncEventsDropped(1);
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
  const again = async (accepted: Accepted, keep: () => void, ms: number, outcome?: Outcome) => {
    if (clock.now() + ms - accepted.at > limits(accepted.target).ageMs)
      return finish(accepted, 'EventAgeExceeded', outcome);
    accepted.due = clock.now() + ms;
    keep();
    await clock.sleep(ms);
    return attempt(accepted, keep);
  };
  const failed = (accepted: Accepted, keep: () => void, outcome: Outcome) => {
    accepted.failures++;
    return accepted.failures > limits(accepted.target).retries
      ? finish(accepted, 'RetriesExhausted', outcome)
      : again(accepted, keep, RETRY_MS * accepted.failures, outcome);
  };
  const attempt = async (accepted: Accepted, keep: () => void): Promise<void> => {
    const { target, run } = accepted;
    if (!functions.has(target.fn.name)) return;
    if (target.fn.reserved === 0) return finish(accepted, 'ZeroReservedConcurrency');
    meter(target.fn.name).AsyncEventAge(clock.now() - accepted.at);
    try {
      // The code may have been replaced meanwhile: what waits runs on the new one.
      const outcome = await invoke(resolved(target.arn), run);
      if (outcome.failed) await failed(accepted, keep, outcome);
      else await finish(accepted, 'Success', outcome);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const wait = Math.min(FIRST_THROTTLE_MS * 2 ** accepted.throttles++, LONGEST_THROTTLE_MS);
      await again(accepted, keep, wait);
    }
  };

  const begin = tasks(
    world,
    'lambda/accepted',
    (accepted: Accepted, keep) =>
      accepted.due === undefined
        ? attempt(accepted, keep)
        : clock.sleep(accepted.due - clock.now()).then(() => attempt(accepted, keep)),
    acceptedBy(registry),
  );

  return {
    accept(target, run) {
      meter(target.fn.name).AsyncEventsReceived(1);
      begin({ target, run, at: clock.now(), failures: 0, throttles: 0 });
    },
  };
}

type KeptAccepted = Omit<Accepted, 'target'> & { arn: string };

/** How it outlives the process; what is left when its function is gone is forgotten. */
const acceptedBy = ({ functions, resolved }: Registry) => ({
  store: ({ target, ...accepted }: Accepted): KeptAccepted => ({ ...accepted, arn: target.arn }),
  load({ arn, ...accepted }: KeptAccepted): Accepted | undefined {
    const { name, qualifier = '$LATEST' } = named(arn);
    const fn = functions.get(name);
    const there = qualifier === '$LATEST' || fn?.aliases.has(qualifier) || fn?.versions.has(qualifier);
    return fn && there ? { ...accepted, target: resolved(arn) } : undefined;
  },
});

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
