/** Fires schedules when they are due. */
import type { Timer } from '../../clock.ts';
import type { World } from '../../world.ts';
import { isOnce, timetable, type Timetable } from './expression.ts';
import type { Invocation } from './invocations.ts';
import type { Schedule } from './schedule.ts';

export type Times = ReturnType<typeof firing>;

export function firing(world: World, invoke: (invocation: Invocation) => void) {
  const { clock, random, durable, faults } = world;
  const timers = new Map<string, Timer>();

  const forget = ({ arn }: Schedule) => {
    timers.get(arn)?.cancel();
    timers.delete(arn);
  };
  const arm = (schedule: Schedule, times: Timetable, last: number | undefined) => {
    forget(schedule);
    const due = schedule.definition.State === 'ENABLED' ? times(last) : undefined;
    if (due === undefined) return;
    const fire = () => {
      schedule.last = due;
      durable?.changed('scheduler');
      arm(schedule, times, Math.max(due, clock.now()));
      const { Target: target, FlexibleTimeWindow: window } = schedule.definition;
      const within = (window.MaximumWindowInMinutes ?? 0) * 60_000;
      const begins = clock.now() + (within > 0 ? random.next() * within : 0);
      const invocation = { schedule, target, scheduled: due, begins, due: begins, retries: 0 };
      invoke(invocation);
      const place = { service: 'scheduler', targets: [schedule.arn, target.Arn] };
      if (faults.any && faults.hits('duplicate', place)) invoke({ ...invocation });
    };
    timers.set(schedule.arn, clock.after(due - clock.now(), fire));
  };

  /** What was due before this is over. */
  const passed = ({ last, definition }: Schedule) =>
    isOnce(definition) ? last : Math.max(last ?? 0, clock.now());

  return {
    forget,
    /** It is new, or has times other than before. */
    begin: (schedule: Schedule) => arm(schedule, timesOf(schedule), schedule.last),
    /** What was due meanwhile is passed over, but for a schedule that is due once. */
    resume: (schedule: Schedule) => arm(schedule, timesOf(schedule), passed(schedule)),
    /**
     * A schedule that is done and wants to be deleted then: it was due for the last time, and has an end.
     * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html
     */
    isOver(schedule: Schedule): boolean {
      const { definition } = schedule;
      return (
        definition.ActionAfterCompletion === 'DELETE' &&
        (isOnce(definition) || definition.EndDate !== undefined) &&
        timesOf(schedule)(passed(schedule)) === undefined
      );
    },
  };
}

const timesOf = ({ definition, from }: Schedule) => timetable(definition, from);
