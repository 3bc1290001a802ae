/** What there is of schedules. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import type { Answer } from '../../service.ts';
import { check, page } from '../events/constraints.ts';
import type { Schedule, Store } from './schedule.ts';

export function describing(schedules: Store) {
  return {
    GetSchedule({ Name, GroupName }: Scheduler.GetScheduleInput) {
      const schedule = schedules.at(Name, GroupName);
      return {
        ...named(schedule),
        ...schedule.definition,
      } satisfies Answer<Scheduler.GetScheduleOutput>;
    },

    ListSchedules({
      GroupName,
      NamePrefix = '',
      State,
      NextToken,
      MaxResults,
    }: Scheduler.ListSchedulesInput) {
      check({ at: 'maxResults', value: MaxResults, atLeast: 1, atMost: 100 });
      if (GroupName !== undefined) schedules.group(GroupName);
      const found = schedules
        .all()
        .filter(
          ({ name, group, definition }) =>
            name.startsWith(NamePrefix) &&
            (GroupName === undefined || group === GroupName) &&
            (State === undefined || definition.State === State),
        );
      const { items, next } = page(found, { NextToken, Limit: MaxResults });
      return { Schedules: items.map(summary), ...next } satisfies Answer<Scheduler.ListSchedulesOutput>;
    },
  };
}

const named = ({ name, group, arn, created, modified }: Schedule) => ({
  Arn: arn,
  Name: name,
  GroupName: group,
  CreationDate: new Date(created),
  LastModificationDate: new Date(modified),
});

const summary = (schedule: Schedule): Scheduler.ScheduleSummary => ({
  ...named(schedule),
  State: schedule.definition.State,
  Target: { Arn: schedule.definition.Target.Arn },
});
