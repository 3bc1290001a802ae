/** Groups of schedules, and their tags. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { check, page } from '../events/constraints.ts';
import type { Repetitions } from './repetitions.ts';
import { alreadyExists, DEFAULT_GROUP, invalid, NAME, type Group, type Store } from './schedule.ts';

export function groupOperations({ clock }: World, schedules: Store, repetitions: Repetitions) {
  return {
    CreateScheduleGroup(input: Scheduler.CreateScheduleGroupInput) {
      const { Name: name = '', Tags = [] } = input;
      check({ at: 'name', value: name, ...NAME }, ...tagConstraints(Tags));
      refuseDefault(name);
      const arn = schedules.groupArn(name);
      if (!schedules.findGroup(name)) {
        const now = clock.now();
        schedules.addGroup({ name, arn, created: now, modified: now, tags: map(Tags) });
        repetitions.done('CreateScheduleGroup', input);
      } else if (!repetitions.has('CreateScheduleGroup', input))
        throw alreadyExists(`Schedule group ${name}`);
      return { ScheduleGroupArn: arn } satisfies Answer<Scheduler.CreateScheduleGroupOutput>;
    },

    GetScheduleGroup: ({ Name }: Scheduler.GetScheduleGroupInput) =>
      described(schedules.group(Name)) satisfies Answer<Scheduler.GetScheduleGroupOutput>,

    ListScheduleGroups({ NamePrefix = '', NextToken, MaxResults }: Scheduler.ListScheduleGroupsInput) {
      check({ at: 'maxResults', value: MaxResults, atLeast: 1, atMost: 100 });
      const found = schedules.groups().filter(({ name }) => name.startsWith(NamePrefix));
      const { items, next } = page(found, { NextToken, Limit: MaxResults });
      return {
        ScheduleGroups: items.map(described),
        ...next,
      } satisfies Answer<Scheduler.ListScheduleGroupsOutput>;
    },

    /** AWS says DELETING for as long as it takes; here it is done when the call is answered. */
    DeleteScheduleGroup(input: Scheduler.DeleteScheduleGroupInput) {
      const { Name: name = '' } = input;
      refuseDefault(name);
      if (schedules.findGroup(name) || !repetitions.has('DeleteScheduleGroup', input)) {
        schedules.removeGroup(schedules.group(name));
        repetitions.done('DeleteScheduleGroup', input);
      }
      return {} satisfies Answer<Scheduler.DeleteScheduleGroupOutput>;
    },

    TagResource({ ResourceArn, Tags = [] }: Scheduler.TagResourceInput) {
      check(...tagConstraints(Tags));
      Object.assign(tagged(schedules, ResourceArn).tags, map(Tags));
      return {} satisfies Answer<Scheduler.TagResourceOutput>;
    },

    UntagResource({ ResourceArn, TagKeys = [] }: Scheduler.UntagResourceInput) {
      const { tags } = tagged(schedules, ResourceArn);
      for (const key of TagKeys) delete tags[key];
      return {} satisfies Answer<Scheduler.UntagResourceOutput>;
    },

    ListTagsForResource({ ResourceArn }: Scheduler.ListTagsForResourceInput) {
      const { tags } = tagged(schedules, ResourceArn);
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return { Tags } satisfies Answer<Scheduler.ListTagsForResourceOutput>;
    },
  };
}

/** Groups have tags, schedules have none. */
const GROUP_ARN = String.raw`arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+`;

function tagged(schedules: Store, arn: string | undefined): Group {
  check({ at: 'resourceArn', value: arn, pattern: GROUP_ARN });
  return schedules.groupWithArn(arn);
}

const tagConstraints = (tags: Scheduler.Tag[]) =>
  tags.flatMap(({ Key, Value }, i) => [
    { at: `tags.${i + 1}.member.key`, value: Key, shortest: 1, longest: 128 },
    { at: `tags.${i + 1}.member.value`, value: Value, shortest: 1, longest: 256 },
  ]);

const map = (tags: Scheduler.Tag[]) =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

function refuseDefault(name: string): void {
  if (name === DEFAULT_GROUP)
    throw invalid(`This operation cannot be performed on schedule group ${DEFAULT_GROUP}.`);
}

const described = ({ name, arn, created, modified }: Group) => ({
  Arn: arn,
  Name: name,
  State: 'ACTIVE' as const,
  ...(created === undefined ? {} : { CreationDate: new Date(created) }),
  ...(modified === undefined ? {} : { LastModificationDate: new Date(modified) }),
});
