/** Invokes targets: at least once, again after failures that may pass, with a dead letter after others. */
import { tasks } from '../../durability/tasks.ts';
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { assumingRoles } from '../events/assumed-role.ts';
import { errorCodeOf, isRetriable } from '../events/failures.ts';
import { backoff, exhaustedBy } from '../events/retry.ts';
import { deadLetters } from './dead-letters.ts';
import { inputOf } from './input.ts';
import { countingIn } from './metrics.ts';
import type { Schedule, Store, Target } from './schedule.ts';
import type { Sdk } from './sdk.ts';
import { PRINCIPAL, sending, SESSION } from './send.ts';
import { requestOf } from './target.ts';

export interface Invocation {
  schedule: Schedule;
  /** As it was when the schedule was due. */
  target: Target;
  /** When that was, in milliseconds since 1970. */
  scheduled: number;
  /** When it is tried first: within the flexible time window. Its age counts from here. */
  begins: number;
  /** When it is tried next. */
  due: number;
  retries: number;
}

/**
 * Starts an invocation; nobody waits for it. What belongs to a schedule that is gone ends.
 * @param over is told of each schedule's invocation that is over, when nothing else of it is under way
 */
export function invocations(
  world: World,
  schedules: Store,
  sdk: Sdk,
  over: (schedule: Schedule) => void,
): (invocation: Invocation) => void {
  const { clock } = world;
  const attempt = attempting(world, sdk);
  const underWay = new Map<Schedule, number>();
  const isThere = (schedule: Schedule) => schedules.find(schedule.name, schedule.group) === schedule;

  const run = async (invocation: Invocation, keep: () => void): Promise<void> => {
    const { schedule } = invocation;
    underWay.set(schedule, (underWay.get(schedule) ?? 0) + 1);
    do await clock.sleep(invocation.due - clock.now());
    while (isThere(schedule) && (await attempt(invocation, keep)));
    const left = underWay.get(schedule)! - 1;
    if (left > 0) underWay.set(schedule, left);
    else underWay.delete(schedule);
    if (left === 0 && isThere(schedule)) over(schedule);
  };
  return tasks(world, 'scheduler/invocations', run, {
    store: ({ schedule: { name, group }, ...rest }: Invocation): Kept => ({ ...rest, name, group }),
    load({ name, group, ...rest }: Kept): Invocation | undefined {
      const schedule = schedules.find(name, group);
      return schedule && { ...rest, schedule };
    },
  });
}

interface Kept extends Omit<Invocation, 'schedule'> {
  name: string;
  group: string;
}

/** Makes one attempt. Answers whether there will be another, at `due`. */
function attempting(world: World, sdk: Sdk) {
  const { clock, random, activity } = world;
  const count = countingIn(world);
  const send = sending(world, sdk);
  const end = deadLetters(world, sdk, count);
  const assume = assumingRoles(world, PRINCIPAL, SESSION);

  return async (invocation: Invocation, keep: () => void): Promise<boolean> => {
    const { schedule, target, scheduled, begins, retries } = invocation;
    const executionId = random.hex(16);
    const input = inputOf(world, schedule, target, { id: executionId, number: retries + 1, scheduled });
    const request = requestOf(world, target, input);
    const principal = () => assume(target.RoleArn, groupArnOf(schedule));
    count(schedule.group, 'InvocationAttemptCount');
    try {
      await send(await principal(), request);
      return false;
    } catch (error) {
      count(schedule.group, 'TargetErrorCount');
      if (errorCodeOf(error) === 'THROTTLING') count(schedule.group, 'TargetErrorThrottledCount');
      const failure = { error, request, executionId, scheduled, retries };
      const wait = backoff(retries + 1, random.next());
      const exhausted = exhaustedBy(target.RetryPolicy, begins, retries, clock.now() + wait);
      if (!isRetriable(error) || exhausted) {
        await end(schedule, target, isRetriable(error) ? { ...failure, exhausted } : failure, principal);
        return false;
      }
      const code = error instanceof AwsError ? error.code : 'InternalFailure';
      activity.tell({ kind: 'retry', schedule: schedule.arn, target: target.Arn, error: code });
      invocation.retries++;
      invocation.due = clock.now() + wait;
      keep();
      return true;
    }
  };
}

/** What a trust policy sees as `aws:SourceArn`. */
const groupArnOf = ({ arn, group }: Schedule): string =>
  arn.replace(/schedule\/.*$/, `schedule-group/${group}`);
