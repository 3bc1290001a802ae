/** Making, replacing and deleting schedules. */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { DEFAULT_POLICY } from '../events/retry.ts';
import { checked } from './check.ts';
import { isOnce } from './expression.ts';
import type { Times } from './firing.ts';
import type { Repetitions } from './repetitions.ts';
import { alreadyExists, DEFAULT_GROUP, type Definition, type Schedule, type Store } from './schedule.ts';
import type { Sdk } from './sdk.ts';

export function changing(world: World, schedules: Store, sdk: Sdk, repetitions: Repetitions, times: Times) {
  const { clock } = world;
  return {
    async CreateSchedule(input: Scheduler.CreateScheduleInput) {
      const { Name: name = '', GroupName: group = DEFAULT_GROUP } = input;
      const definition = await checked(world, schedules, sdk, input, defaulted(input));
      const arn = schedules.arn(name, group);
      if (!schedules.find(name, group)) {
        const now = clock.now();
        const schedule: Schedule = { name, group, arn, definition, created: now, modified: now, from: now };
        schedules.add(schedule);
        times.begin(schedule);
        repetitions.done('CreateSchedule', input);
      } else if (!repetitions.has('CreateSchedule', input)) throw alreadyExists(`Schedule ${name}`);
      return { ScheduleArn: arn } satisfies Answer<Scheduler.CreateScheduleOutput>;
    },

    /** Replaces all of it: what is not given is as in a new schedule. */
    async UpdateSchedule(input: Scheduler.UpdateScheduleInput) {
      const definition = await checked(world, schedules, sdk, input, defaulted(input));
      const schedule = schedules.at(input.Name, input.GroupName);
      const now = clock.now();
      const begun = begunAgain(schedule.definition, definition, now);
      Object.assign(schedule, { definition, modified: now }, begun);
      if (begun) times.begin(schedule);
      else times.resume(schedule);
      return { ScheduleArn: schedule.arn } satisfies Answer<Scheduler.UpdateScheduleOutput>;
    },

    DeleteSchedule(input: Scheduler.DeleteScheduleInput) {
      const { Name: name = '', GroupName: group = DEFAULT_GROUP } = input;
      if (schedules.find(name, group) || !repetitions.has('DeleteSchedule', input)) {
        schedules.remove(schedules.at(name, group));
        repetitions.done('DeleteSchedule', input);
      }
      return {} satisfies Answer<Scheduler.DeleteScheduleOutput>;
    },
  };
}

/** Other times begin anew. What is enabled again does, too, but for a schedule that was due once and is done. */
function begunAgain(before: Definition, after: Definition, now: number): Partial<Schedule> | undefined {
  if (timesOf(before) !== timesOf(after)) return { from: now, last: undefined };
  if (before.State === after.State || after.State === 'DISABLED') return undefined;
  return { from: now, ...(isOnce(after) ? {} : { last: undefined }) };
}

const timesOf = (each: Definition) =>
  JSON.stringify([each.ScheduleExpression, each.ScheduleExpressionTimezone, each.StartDate]);

function defaulted(input: Scheduler.CreateScheduleInput): Definition {
  const { Description, StartDate, EndDate, ScheduleExpression, FlexibleTimeWindow, Target } = input;
  return {
    ...(Description === undefined ? {} : { Description }),
    ScheduleExpression: ScheduleExpression!,
    ScheduleExpressionTimezone: input.ScheduleExpressionTimezone ?? 'UTC',
    ...(StartDate && { StartDate }),
    ...(EndDate && { EndDate }),
    State: input.State ?? 'ENABLED',
    FlexibleTimeWindow: FlexibleTimeWindow!,
    ActionAfterCompletion: input.ActionAfterCompletion ?? 'NONE',
    Target: {
      ...Target,
      Arn: Target!.Arn!,
      RoleArn: Target!.RoleArn!,
      RetryPolicy: { ...DEFAULT_POLICY, ...Target!.RetryPolicy },
    },
  };
}
