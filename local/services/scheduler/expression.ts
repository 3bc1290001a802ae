/** When schedules are due. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
import { parseCron } from '../events/cron.ts';
import { UNITS } from '../events/schedule.ts';
import { invalid, type Definition } from './schedule.ts';
import { DAY, wallClock, type WallClock } from './time-zone.ts';

/** The next moment after `last`, or the very first one, in milliseconds since 1970; undefined when there is none. */
export type Timetable = (last?: number) => number | undefined;

type Times = Pick<Definition, 'ScheduleExpression' | 'ScheduleExpressionTimezone' | 'StartDate' | 'EndDate'>;

/** Whether it is due once, at a time of its own: StartDate and EndDate are passed over then. */
export const isOnce = ({ ScheduleExpression }: Pick<Times, 'ScheduleExpression'>): boolean =>
  ScheduleExpression.startsWith('at(');

/**
 * Throws ValidationException.
 * @param from since when it counts, in milliseconds since 1970
 */
export function timetable(times: Times, from: number): Timetable {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate } = times;
  const [, kind = '', inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(ScheduleExpression) ?? [];
  const clock = wallClock(ScheduleExpressionTimezone);
  if (!clock) throw invalid(`Invalid Schedule Expression Timezone ${ScheduleExpressionTimezone}.`);
  const due = KINDS[kind]?.(inner, { from, start: StartDate?.getTime(), clock });
  if (!due) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  if (isOnce(times) || !EndDate) return due;
  return (last) => {
    const next = due(last);
    return next !== undefined && next <= EndDate.getTime() ? next : undefined;
  };
}

interface Ground {
  from: number;
  start: number | undefined;
  clock: WallClock;
}

/** Undefined for a text that is wrong. */
const KINDS: Record<string, (text: string, ground: Ground) => Timetable | undefined> = {
  /** Counts from StartDate; without one it is due at once. `1 hours` is taken as well as `1 hour`. */
  rate(text, { from, start }) {
    const [, digits = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
    if (digits === '') return undefined;
    const period = Number(digits) * UNITS[unit]!;
    const first = start ?? from;
    return (last) =>
      last === undefined || last < first ? first : first + (Math.floor((last - first) / period) + 1) * period;
  },

  /** An hour that clocks leave out in spring is left out; one that they show twice in autumn counts once. */
  cron(text, { from, start, clock }) {
    const next = parseCron(text);
    return (
      next &&
      ((last = from) => {
        const after = Math.max(last, (start ?? 0) - 1);
        for (let shown = next(clock.shows(after)); shown !== undefined; shown = next(shown)) {
          const moment = clock.momentOf(shown);
          if (moment !== undefined && moment > after) return moment;
        }
        return undefined;
      })
    );
  },

  /** What is past is due at once. In an hour that is left out, clocks are read as if they had not been changed yet. */
  at(text, { clock }) {
    const shown = Date.parse(`${text}Z`);
    const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(shown);
    if (!isDate || new Date(shown).toISOString().slice(0, 19) !== text) return undefined;
    const moment = clock.momentOf(shown) ?? shown - clock.ahead(shown - DAY);
    return (last) => (last === undefined ? moment : undefined);
  },
};
