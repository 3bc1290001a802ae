/** What the service's model says of single members, in the words of AWS's model validation. */
import { invalid } from './bus.ts';

export interface Constraint {
  /** As AWS writes its path: `name`, `targets.1.member.id`. */
  at: string;
  value: string | number | undefined;
  /** The whole value must match; as AWS writes it. @default anything */
  pattern?: string;
  /** @default no limit */
  longest?: number;
  /** @default 0 */
  shortest?: number;
  /** @default any */
  oneOf?: readonly string[];
  /** Of a number. @default no limit */
  atMost?: number;
  /** Of a number. @default no limit */
  atLeast?: number;
}

/** Throws one ValidationException for all that is wrong. What is not given is not checked. */
export function check(...constraints: Constraint[]): void {
  const wrong = constraints.flatMap((constraint) =>
    reasons(constraint).map(
      (reason) => `Value '${constraint.value}' at '${constraint.at}' failed to satisfy constraint: ${reason}`,
    ),
  );
  if (wrong.length > 0)
    throw invalid(
      `${wrong.length} validation error${wrong.length === 1 ? '' : 's'} detected: ${wrong.join('; ')}`,
    );
}

function reasons({ value, ...limits }: Constraint): string[] {
  if (value === undefined) return [];
  return typeof value === 'number' ? reasonsOfNumber(value, limits) : reasonsOfText(value, limits);
}

type Limits = Omit<Constraint, 'at' | 'value'>;

function reasonsOfNumber(value: number, { atMost = Infinity, atLeast = -Infinity }: Limits): string[] {
  if (value > atMost) return [`Member must have value less than or equal to ${atMost}`];
  return value < atLeast ? [`Member must have value greater than or equal to ${atLeast}`] : [];
}

function reasonsOfText(value: string, { pattern, longest, shortest = 0, oneOf }: Limits): string[] {
  const found: string[] = [];
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    found.push(`Member must satisfy regular expression pattern: ${pattern}`);
  if (longest !== undefined && value.length > longest)
    found.push(`Member must have length less than or equal to ${longest}`);
  if (value.length < shortest) found.push(`Member must have length greater than or equal to ${shortest}`);
  if (oneOf && !oneOf.includes(value))
    found.push(`Member must satisfy enum value set: [${oneOf.join(', ')}]`);
  return found;
}

export const RULE_NAME = { pattern: String.raw`[\.\-_A-Za-z0-9]+`, longest: 64, shortest: 1 };

/** One page of a listing, and where the next one begins. */
export function page<T>(
  all: T[],
  { NextToken, Limit = 100 }: { NextToken?: string | undefined; Limit?: number | undefined },
): { items: T[]; next: { NextToken?: string } } {
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString());
  if (!Number.isSafeInteger(from) || from < 0) throw invalid('Parameter NextToken is not valid.');
  const items = all.slice(from, from + Limit);
  const rest = from + items.length < all.length;
  return {
    items,
    next: rest ? { NextToken: Buffer.from(String(from + items.length)).toString('base64') } : {},
  };
}
