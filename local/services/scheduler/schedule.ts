/** What Scheduler remembers: groups, and the schedules in them. */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';

export interface Group {
  name: string;
  arn: string;
  /** Milliseconds since 1970. @default it comes with the account, and says nothing of it */
  created?: number;
  modified?: number;
  tags: Record<string, string>;
}

export interface Schedule {
  name: string;
  group: string;
  arn: string;
  definition: Definition;
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
  /** Since when its expression counts: it was made, enabled, or given other times. */
  from: number;
  /** When it was last due. @default never yet */
  last?: number | undefined;
}

type Defaulted = 'ScheduleExpressionTimezone' | 'State' | 'ActionAfterCompletion';

/** As CreateSchedule or UpdateSchedule gave it, with AWS's own values for what was left out. */
export type Definition = Pick<Scheduler.CreateScheduleInput, 'Description' | 'StartDate' | 'EndDate'> &
  Required<Pick<Scheduler.CreateScheduleInput, Defaulted>> & {
    ScheduleExpression: string;
    FlexibleTimeWindow: Scheduler.FlexibleTimeWindow;
    Target: Target;
  };

export type Target = Scheduler.Target & {
  Arn: string;
  RoleArn: string;
  RetryPolicy: Required<Scheduler.RetryPolicy>;
};

export interface Store {
  /** Throws ResourceNotFoundException. */
  group(name: string | undefined): Group;
  /** Throws ResourceNotFoundException. */
  groupWithArn(arn: string | undefined): Group;
  findGroup(name: string): Group | undefined;
  /** In the order of their names. */
  groups(): Group[];
  addGroup(group: Group): void;
  /** Its schedules go with it. */
  removeGroup(group: Group): void;
  groupArn(name: string): string;

  /** Throws ResourceNotFoundException. @param group @default `default` */
  at(name: string | undefined, group: string | undefined): Schedule;
  find(name: string, group: string): Schedule | undefined;
  /** In the order of their groups and names. */
  all(): Schedule[];
  add(schedule: Schedule): void;
  remove(schedule: Schedule): void;
  arn(name: string, group: string): string;
}

export const DEFAULT_GROUP = 'default';

/** @param removed is told of every schedule that goes */
export function schedulesOf(
  { account, region, durable }: World,
  removed: (schedule: Schedule) => void,
): Store {
  const groups = new Map<string, Group>();
  const schedules = new Map<string, Schedule>();
  const prefix = `arn:aws:scheduler:${region}:${account}:`;
  const arn = (name: string, group: string) => `${prefix}schedule/${keyOf(name, group)}`;
  const groupArn = (name: string) => `${prefix}schedule-group/${name}`;
  const groupAt = (name = DEFAULT_GROUP) => {
    const group = groups.get(name);
    if (!group) throw missing(`Schedule group ${name}`);
    return group;
  };
  const remove = (schedule: Schedule) => {
    schedules.delete(keyOf(schedule.name, schedule.group));
    removed(schedule);
  };

  groups.set(DEFAULT_GROUP, { name: DEFAULT_GROUP, arn: groupArn(DEFAULT_GROUP), tags: {} });
  durable?.map('scheduler/groups', groups);
  durable?.map('scheduler/schedules', schedules);
  return {
    group: groupAt,
    groupWithArn: (given = '') => groupAt(given.split('/').at(-1)),
    findGroup: (name) => groups.get(name),
    groups: () => [...groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    addGroup: (group) => void groups.set(group.name, group),
    removeGroup({ name }) {
      groups.delete(name);
      for (const schedule of schedules.values()) if (schedule.group === name) remove(schedule);
    },
    groupArn,
    at(name = '', group = DEFAULT_GROUP) {
      const schedule = schedules.get(keyOf(name, groupAt(group).name));
      if (!schedule) throw missing(`Schedule ${name}`);
      return schedule;
    },
    find: (name, group) => schedules.get(keyOf(name, group)),
    all: () => [...schedules.values()].toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
    add: (schedule) => void schedules.set(keyOf(schedule.name, schedule.group), schedule),
    remove,
    arn,
  };
}

const keyOf = (name: string, group: string) => `${group}/${name}`;

const missing = (what: string) => new AwsError('ResourceNotFoundException', `${what} does not exist.`);

export const alreadyExists = (what: string): AwsError =>
  new AwsError('ConflictException', `${what} already exists.`);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** Both APIs have it: letters of a name. */
export const NAME = { pattern: String.raw`[0-9a-zA-Z-_.]+`, longest: 64, shortest: 1 };
