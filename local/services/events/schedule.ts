/** Schedules of rules. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
import { invalid } from './bus.ts';
import { parseCron } from './cron.ts';

/** The next moment after `after`, in milliseconds since 1970; undefined when there is none. `from`: when the rule began. */
export type Schedule = (after: number, from: number) => number | undefined;

/** `rate(5 minutes)` or `cron(0 12 * * ? *)`. Throws ValidationException. */
export function parseSchedule(expression: string): Schedule {
  const [, kind, inner = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  const schedule = kind === 'rate' ? parseRate(inner) : kind === 'cron' ? parseCron(inner) : undefined;
  if (!schedule) throw invalid('Parameter ScheduleExpression is not valid.');
  return schedule;
}

/** Milliseconds. */
export const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function parseRate(text: string): Schedule | undefined {
  const [, digits = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s)?$/.exec(text) ?? [];
  if (digits === '' || (digits === '1') === (plural !== undefined)) return undefined;
  const period = Number(digits) * UNITS[unit]!;
  return (after, from) => from + (Math.floor(Math.max(0, after - from) / period) + 1) * period;
}
