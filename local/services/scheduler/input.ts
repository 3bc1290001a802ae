import type { World } from '../../world.ts';
import { isoSeconds, sealed } from '../events/event.ts';
import type { Schedule, Target } from './schedule.ts';

/** What is different in every attempt. */
export interface Attempt {
  /** Sixteen hexadecimal digits. */
  id: string;
  /** 1 is the first. */
  number: number;
  /** When the schedule was due, in milliseconds since 1970. */
  scheduled: number;
}

/** What a target is given: its input with the attributes put in, or AWS's notification where it has none. */
export function inputOf(world: World, schedule: Schedule, { Input }: Target, attempt: Attempt): string {
  return Input === undefined
    ? notification(world, schedule, attempt)
    : Input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (given, name: string) =>
        Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]!(schedule, attempt) : given,
      );
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const ATTRIBUTES: Record<string, (schedule: Schedule, attempt: Attempt) => string> = {
  'schedule-arn': ({ arn }) => arn,
  'scheduled-time': (_schedule, { scheduled }) => isoSeconds(scheduled),
  'execution-id': (_schedule, { id }) => id,
  'attempt-number': (_schedule, { number }) => String(number),
};

/** `detail` is a text, not an object. */
const notification = ({ random, account, region, clock }: World, { arn }: Schedule, { scheduled }: Attempt) =>
  sealed({
    id: random.uuid(),
    source: 'aws.scheduler',
    detailType: 'Scheduled Event',
    time: scheduled,
    resources: [arn],
    detail: '"{}"',
    account,
    region,
    ingested: clock.now(),
  }).text;
