/** What was given to an operation. */
import { notModelled } from '../../errors.ts';

/** Refuses by name the members that are given and not modelled. @param what such as `a route of an HTTP API` */
export function refuseGiven(input: object, members: string[], what: string): void {
  const given = input as Record<string, unknown>;
  const found = members.find((member) => given[member] !== undefined && given[member] !== false);
  if (found !== undefined) throw notModelled(`${found} of ${what}`);
}

/** The members that have a value, without those that only say what the operation is about. */
export const defined = <T extends object>(input: T): T =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
