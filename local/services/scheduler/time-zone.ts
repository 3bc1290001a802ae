/** What clocks show in a time zone. Times on a clock are milliseconds since 1970 as if the clock ran in UTC. */
export interface WallClock {
  /** What it shows at a moment. */
  shows(moment: number): number;
  /** The first moment at which it shows this; undefined for an hour that it leaves out in spring. */
  momentOf(shown: number): number | undefined;
  /** How far it is ahead of UTC, in milliseconds. */
  ahead(moment: number): number;
}

/** By the names of the IANA database, as Node.js has it. Undefined for a name that is not there. */
export function wallClock(zone: string): WallClock | undefined {
  const shows = zone === 'UTC' ? (moment: number) => moment : shownIn(zone);
  if (!shows) return undefined;
  const ahead = (moment: number) => shows(moment) - moment;
  return {
    shows,
    ahead,
    momentOf(shown) {
      // Zones change their clocks by a few hours, and not twice within days.
      const moments = [shown - ahead(shown - DAY), shown - ahead(shown + DAY)];
      const found = moments.filter((moment) => shows(moment) === shown);
      return found.length > 0 ? Math.min(...found) : undefined;
    },
  };
}

export const DAY = 86_400_000;

/** Formats are dear to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function shownIn(zone: string): ((moment: number) => number) | undefined {
  const format = formats.get(zone) ?? formatOf(zone);
  if (!format) return undefined;
  formats.set(zone, format);
  return (moment) => {
    const parts = Object.fromEntries(
      format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
    const { year, month, day, hour, minute, second } = parts;
    const milliseconds = ((moment % 1000) + 1000) % 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined; // Intl takes `+01:00` as well
  const numeric = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return undefined;
  }
}
