import type { LogPattern } from '../pattern.ts';
import { conditionsOf, isNumber, type Condition } from './condition.ts';
import { invalidPattern } from './refusals.ts';

interface Field {
  /** Without a name it goes by its place, from 1. @default nameless */
  name?: string;
  condition?: Condition;
}

/**
 * `[ip, user, ..., status = 4*, bytes > 1000]`: what stands between brackets or quotation marks is one field, `...` any
 * number of them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html
 */
export function delimitedPattern(text: string): LogPattern {
  if (!text.endsWith(']')) throw invalidPattern();
  const parts = partsOf(text.slice(1, -1));
  const ellipsis = parts.indexOf('...');
  if (parts.indexOf('...', ellipsis + 1) > ellipsis) throw invalidPattern();
  const fields = parts.map(fieldOf);

  /** The field of each value. */
  const laidOut = (count: number): Field[] | undefined => {
    if (ellipsis < 0) return fields.length === count ? fields : undefined;
    const more = count - (fields.length - 1);
    if (more < 0) return undefined;
    return [
      ...fields.slice(0, ellipsis),
      ...Array.from({ length: more }, (): Field => ({})),
      ...fields.slice(ellipsis + 1),
    ];
  };
  return {
    hasFields: true,
    names: (selector) => fields.some(({ name }) => name !== undefined && selector === `$${name}`),
    match(message) {
      const values = valuesIn(message);
      const layout = laidOut(values.length);
      if (!layout) return undefined;
      if (!layout.every(({ condition }, i) => condition?.(() => [values[i]]) ?? true)) return undefined;
      const extracted = Object.fromEntries(
        values.map((value, i) => [layout[i]!.name ?? String(i + 1), value]),
      );
      return { extracted, valueOf: (selector) => extracted[selector.slice(1)] };
    },
  };
}

const valuesIn = (message: string): string[] =>
  [...message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(
    ([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? '',
  );

/** Split by commas, but for those in quotation marks and regular expressions. */
const partsOf = (text: string): string[] =>
  (text.match(/(?:"(?:[^"\\]|\\.)*"|%[^%]*%|[^,])+|(?<=,|^)(?=,|$)/g) ?? []).map((part) => part.trim());

const NAME = /^[A-Za-z_][\w-]*$/;

function fieldOf(part: string): Field {
  if (part === '...' || part === '') return {};
  if (NAME.test(part)) return { name: part };
  const { holds, subjects } = conditionsOf(part, (value) =>
    isNumber(String(value)) ? Number(value) : undefined,
  );
  const [name = '', ...others] = subjects;
  if (others.length > 0 || !NAME.test(name)) throw invalidPattern();
  return { name, condition: holds };
}
