import { notModelled } from '../../errors.ts';
import { invalid } from './errors.ts';

/** What the service's model says of one member of an input. */
export interface Constraint {
  /** @default any text */
  oneOf?: readonly string[];
  /** Least number, or least length of a text or list. @default no least */
  atLeast?: number;
  /** Greatest number, or greatest length of a text or list. @default no greatest */
  atMost?: number;
  /** @default any text */
  pattern?: string;
}

/**
 * Throws ValidationException naming every member that does not meet its constraint, as AWS's front end does. That required
 * members are there is checked before.
 */
export function constrained(input: object, constraints: Record<string, Constraint>): void {
  const faults = Object.entries(constraints).flatMap(([member, constraint]) => {
    const value = (input as Record<string, unknown>)[member];
    return broken(value, constraint).map(
      (rule) =>
        `Value '${display(value)}' at '${member[0]!.toLowerCase()}${member.slice(1)}' failed to satisfy constraint: ${rule}`,
    );
  });
  if (faults.length > 0)
    throw invalid(
      `${faults.length} validation error${faults.length > 1 ? 's' : ''} detected: ${faults.join('; ')}`,
    );
}

function broken(value: unknown, { oneOf, atLeast, atMost, pattern }: Constraint): string[] {
  if (value === undefined) return [];
  const measure = typeof value === 'number' ? 'value' : 'length';
  const size = typeof value === 'number' ? value : (value as string | unknown[]).length;
  return [
    ...(oneOf && !oneOf.includes(value as string)
      ? [`Member must satisfy enum value set: [${oneOf.join(', ')}]`]
      : []),
    ...(pattern && !new RegExp(`^${pattern}$`).test(value as string)
      ? [`Member must satisfy regular expression pattern: ${pattern}`]
      : []),
    ...(atLeast !== undefined && size < atLeast
      ? [`Member must have ${measure} greater than or equal to ${atLeast}`]
      : []),
    ...(atMost !== undefined && size > atMost
      ? [`Member must have ${measure} less than or equal to ${atMost}`]
      : []),
  ];
}

const display = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value);

/** Throws NotImplemented if the input has one of these members, which would change what the operation does. */
export function refuse(operation: string, input: object, members: string[]): void {
  const present = members.find((member) => (input as Record<string, unknown>)[member] !== undefined);
  if (present !== undefined) throw notModelled(`${present} of dynamodb:${operation}`);
}
