/** Making, replacing and deleting schedules. */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { DEFAULT_POLICY } from '../events/retry.ts';
import { checked } from './check.ts';
import { isOnce } from './expression.ts';
import type { Times } from './firing.ts';
import type { Once } from './repetitions.ts';
import { alreadyExists, DEFAULT_GROUP, type Definition, type Schedule, type Store } from './schedule.ts';
import type { Sdk } from './sdk.ts';

export function changing(world: World, schedules: Store, sdk: Sdk, once: Once, times: Times) {
  const { clock } = world;
  return {
    CreateSchedule: (input: Scheduler.CreateScheduleInput) =>
      once('CreateSchedule', input, async () => {
        const { Name: name = '', GroupName: group = DEFAULT_GROUP } = input;
        const definition = await checked(world, schedules, sdk, input, defaulted(input));
        if (schedules.find(name, group)) throw alreadyExists(`Schedule ${name}`);
        const now = clock.now();
        const arn = schedules.arn(name, group);
        const schedule: Schedule = { name, group, arn, definition, created: now, modified: now, from: now };
        schedules.add(schedule);
        times.begin(schedule);
        return { ScheduleArn: arn } satisfies Answer<Scheduler.CreateScheduleOutput>;
      }),

    /** Replaces all of it: what is not given is as in a new schedule. */
    UpdateSchedule: (input: Scheduler.UpdateScheduleInput) =>
      once('UpdateSchedule', input, async () => {
        const schedule = schedules.at(input.Name, input.GroupName);
        const definition = await checked(world, schedules, sdk, input, defaulted(input));
        const now = clock.now();
        const begun = begunAgain(schedule.definition, definition, now);
        Object.assign(schedule, { definition, modified: now }, begun);
        if (begun) times.begin(schedule);
        else times.resume(schedule);
        return { ScheduleArn: schedule.arn } satisfies Answer<Scheduler.UpdateScheduleOutput>;
      }),

    DeleteSchedule: (input: Scheduler.DeleteScheduleInput) =>
      once('DeleteSchedule', input, () => {
        schedules.remove(schedules.at(input.Name, input.GroupName));
        return {} satisfies Answer<Scheduler.DeleteScheduleOutput>;
      }),
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
