/**
 * Numbers as patterns compare them: as doubles, and only those that a double holds exactly as written in decimal.
 * https://github.com/aws/event-ruler (ComparableNumber)
 */

/** A number of an event that a double cannot hold: it is equal to the same text and to nothing else. */
export class Numeral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): string {
    return NUMERAL + this.text;
  }
}

/** Writes what `parseExactly` read. */
export const stringifyExactly = (value: unknown): string =>
  JSON.stringify(value).replaceAll(WRITTEN_NUMERAL, '$1');

/** The number that `text` writes, or undefined when a double would be another number. */
export function comparable(text: string): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && normal(text) === normal(String(number)) ? number : undefined;
}

/** Parses JSON; numbers that a double cannot hold become `Numeral`. Throws SyntaxError. */
export function parseExactly(json: string): unknown {
  const parsed: unknown = JSON.parse(json);
  if (!LONG_NUMBER.test(json)) return parsed;
  const marked = json.replace(STRING_OR_NUMBER, (part) =>
    part.startsWith('"') ? part : comparable(part) === undefined ? `{"${NUMERAL}":"${part}"}` : part,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && NUMERAL in value
      ? new Numeral(String(value[NUMERAL]))
      : value,
  );
}

/** Shorter numbers without an exponent fit into a double. What stands in the middle of a string is none. */
const LONG_NUMBER = /(?:^|[:,[\s])-?(?:\d[\d.]{15}|[\d.]+[eE])/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\[^])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** A key that no event has: private use characters. */
const NUMERAL = '\ue000numeral';
const WRITTEN_NUMERAL = new RegExp(`"${NUMERAL}([^"]*)"`, 'g');

/** One spelling for equal decimals: sign, significant digits, exponent. */
function normal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
