/** The metrics of Scheduler. https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
import type { World } from '../../world.ts';

/** Counts one for a group, and for the account. */
export type Count = (group: string, metric: string) => void;

export const countingIn =
  (world: World): Count =>
  (group, metric) => {
    const { record } = world.service('monitoring');
    record('AWS/Scheduler', metric, { ScheduleGroup: group }, 1);
    record('AWS/Scheduler', metric, {}, 1);
  };
