/**
 * Cron expressions of six fields: minutes, hours, day of month, month, day of week, year; always UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-cron-expressions
 */

/** The next moment after `after`, in milliseconds since 1970; undefined when there is none. */
export type Cron = (after: number) => number | undefined;

/** Undefined when the text is no cron expression. */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6 || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const minutes = setOf(minute, 0, 59);
  const hours = setOf(hour, 0, 23);
  const months = setOf(month, 1, 12, MONTHS);
  const years = setOf(year, 1970, 2199);
  const isDay = dayOfWeek === '?' ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek);
  if (!minutes || !hours || !months || !years || !isDay) return undefined;

  return (after) => {
    const from = Math.floor(after / MINUTE) * MINUTE + MINUTE;
    const last = Math.max(...years);
    for (let day = startOfDay(from); ; day += DAY) {
      const date = dateOf(day);
      if (date.year > last) return undefined;
      if (!years.has(date.year) || !months.has(date.month)) {
        day = Date.UTC(date.year, date.month, 1) - DAY;
        continue;
      }
      if (!isDay(date)) continue;
      const found = firstOf(day, from, hours, minutes);
      if (found !== undefined) return found;
    }
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Date_ {
  year: number;
  /** 1–12 */
  month: number;
  /** 1–31 */
  day: number;
  /** 1 is Sunday, as in the expressions. */
  weekday: number;
  /** Days of the month. */
  length: number;
}

const startOfDay = (time: number) => Math.floor(time / DAY) * DAY;

function dateOf(time: number): Date_ {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: date.getUTCDate(), weekday: date.getUTCDay() + 1, length };
}

function firstOf(day: number, from: number, hours: Set<number>, minutes: Set<number>): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const time = day + hour * HOUR + minute * MINUTE;
      if (time >= from) return time;
    }
  }
  return undefined;
}

/** The values of a field in ascending order: `*`, `1,2`, `1-5`, `0/15`, `MON-FRI`. Undefined when it is wrong. */
function setOf(field: string, low: number, high: number, names: string[] = []): Set<number> | undefined {
  const valueOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= low && value <= high ? value : undefined;
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1', ...more] = part.split('/');
    const [first = '', last = part.includes('/') ? undefined : first, ...others] = range.split('-');
    const from = first === '*' ? low : valueOf(first);
    const to = first === '*' || last === undefined ? high : valueOf(last);
    const wrong = more.length > 0 || others.length > 0 || !/^[1-9]\d*$/.test(step);
    if (wrong || from === undefined || to === undefined) return undefined;
    const ends = to < from ? to + (high - low + 1) : to;
    for (let value = from; value <= ends; value += Number(step))
      found.add(value > high ? value - high - 1 + low : value);
  }
  return new Set([...found].toSorted((a, b) => a - b));
}

type IsDay = (date: Date_) => boolean;

/** A list, `L` (the last day), `15W` (the weekday nearest to the 15th), `LW`. */
function daysOfMonth(field: string): IsDay | undefined {
  if (field === 'L') return ({ day, length }) => day === length;
  if (field === 'LW') return (date) => date.day === nearestWeekday(date, date.length);
  const near = /^(\d{1,2})W$/.exec(field)?.[1];
  if (near !== undefined) {
    const wanted = Number(near);
    return wanted < 1 || wanted > 31
      ? undefined
      : (date) => wanted <= date.length && date.day === nearestWeekday(date, wanted);
  }
  const days = setOf(field, 1, 31);
  return days && (({ day }) => days.has(day));
}

/** The day of this month, from Monday to Friday, that is nearest to `wanted`. */
function nearestWeekday({ day, weekday, length }: Date_, wanted: number): number {
  const thatWeekday = (((weekday - 1 + wanted - day) % 7) + 7) % 7;
  if (thatWeekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (thatWeekday === 0) return wanted === length ? wanted - 2 : wanted + 1;
  return wanted;
}

/** A list, `L` (Saturday), `6L` (the last Friday of the month), `SAT#3` (the third Saturday). 1 is Sunday. */
function daysOfWeek(field: string): IsDay | undefined {
  if (field === 'L') return ({ weekday }) => weekday === 7;
  const [, name = '', mark, nth] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(field) ?? [];
  const days = setOf(name || field, 1, 7, WEEKDAYS);
  if (!days || (name && days.size !== 1)) return undefined;
  if (mark) return ({ day, weekday, length }) => days.has(weekday) && day + 7 > length;
  if (nth !== undefined) return ({ day, weekday }) => days.has(weekday) && Math.ceil(day / 7) === Number(nth);
  return ({ weekday }) => days.has(weekday);
}
