/** The ARNs that a call touches. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
import { DEFAULT_GROUP, type Store } from './schedule.ts';

interface Input {
  Name?: string;
  GroupName?: string;
  ResourceArn?: string;
}

export const resourcesOf =
  (schedules: Store) =>
  (operation: string, { Name = '*', GroupName, ResourceArn }: Input): string[] => {
    if (ResourceArn !== undefined) return [ResourceArn];
    if (operation.includes('Group')) return [schedules.groupArn(Name)];
    return [schedules.arn(Name, GroupName ?? (operation === 'ListSchedules' ? '*' : DEFAULT_GROUP))];
  };
