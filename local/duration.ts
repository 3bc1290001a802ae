/** A span of time: milliseconds, or a number with `ms`, `s`, `m`, `h` or `d` (`'5m'`, `'14d'`). */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Throws for what is no span of time. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const { number, unit } = /^(?<number>\d+(\.\d+)?)(?<unit>ms|s|m|h|d)$/.exec(duration)?.groups ?? {};
  if (number === undefined || unit === undefined)
    throw new TypeError(`'${duration}' is no span of time. Use milliseconds, or such as '30s', '5m', '14d'.`);
  return Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
}
