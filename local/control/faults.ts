import { milliseconds, type Duration } from '../duration.ts';
import { FAULTS, type Fault } from '../faults.ts';
import { Problem } from './problem.ts';

/** `{ "faults": [ … ] }` as declared over HTTP: unknown faults and fields are refused, because they would do nothing. */
export function faultsFrom({ faults, ...rest }: Record<string, unknown>): Fault[] {
  if (!Array.isArray(faults) || Object.keys(rest).length > 0)
    throw new Problem(400, 'BAD_FAULTS', 'The body must be { "faults": [ … ] }.', KINDS);
  return faults.map((fault: unknown, i) => checked(fault, `faults[${i}]`));
}

function checked(fault: unknown, path: string): Fault {
  const refuse = (what: string): never => {
    throw new Problem(400, 'BAD_FAULT', `${path}${what}`, KINDS);
  };
  if (typeof fault !== 'object' || fault === null) return refuse(' must be an object.');
  for (const [name, value] of Object.entries(fault)) {
    const fits = FIELDS[name];
    if (!fits)
      return refuse(`.${name} is no field of a fault. Fields are ${Object.keys(FIELDS).join(', ')}.`);
    if (!fits(value)) return refuse(`.${name} is ${JSON.stringify(value)}, which does not fit.`);
  }
  if (!('fault' in fault)) return refuse('.fault is missing.');
  return fault as Fault;
}

const KINDS = `Faults are ${FAULTS.join(', ')}.`;

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
const isDuration = (value: unknown) => {
  try {
    return milliseconds(value as Duration) >= 0;
  } catch {
    return false;
  }
};

const FIELDS: Record<keyof Fault, (value: unknown) => boolean> & Record<string, (value: unknown) => boolean> =
  {
    fault: (value) => FAULTS.includes(value as never),
    service: isText,
    operation: isText,
    target: isText,
    caller: isText,
    probability: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    times: isCount,
    after: isDuration,
    lasts: isDuration,
    by: isDuration,
    code: isText,
    message: isText,
    status: (value) => isCount(value) && (value as number) >= 400 && (value as number) < 600,
  };
