/** Condition operators. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
import { isIP } from 'node:net';
import { notModelled } from '../errors.ts';
import { filled, matches, type Context } from './pattern.ts';

/** All of them must hold. */
export type Conditions = { operator: string; key: string; values: string[] }[];

export const hold = (conditions: Conditions, context: Context): boolean =>
  conditions.every((condition) => holds(condition, context));

function holds({ operator, key, values }: Conditions[number], context: Context): boolean {
  const {
    quantifier,
    name = '',
    ifExists,
  } = /^(?:(?<quantifier>ForAllValues|ForAnyValue):)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/.exec(
    operator,
  )?.groups ?? {};
  const given = context(key);
  if (name === 'Null') return values.some((value) => (value === 'true') === (given === undefined));
  const compare = OPERATORS[name];
  if (!compare) throw notModelled(`the condition operator ${operator}`);
  const { test, negated = false } = compare;
  const wanted = values.flatMap((value) => filled(value, context) ?? []);
  const fits = (value: string) => wanted.some((one) => test(value, one)) !== negated;
  if (quantifier === 'ForAllValues') return (given ?? []).every(fits);
  if (given === undefined) return ifExists !== undefined || (negated && quantifier === undefined);
  // A key with several values needs a quantifier; without one AWS looks at each.
  return negated && quantifier === undefined ? given.every(fits) : given.some(fits);
}

interface Operator {
  test(given: string, wanted: string): boolean;
  negated?: boolean;
}

const not = ({ test }: Operator): Operator => ({ test, negated: true });

const stringEquals: Operator = { test: (given, wanted) => given === wanted };
const stringEqualsIgnoreCase: Operator = {
  test: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
};
const stringLike: Operator = { test: (given, wanted) => matches(wanted, given) };
/** Each of an ARN's six parts by itself: `*` does not cross a colon, but for the last. */
const arnLike: Operator = {
  test(given, wanted) {
    const givenParts = parts(given);
    return parts(wanted).every((part, i) => matches(part, givenParts[i] ?? ''));
  },
};
const ipAddress: Operator = { test: (given, wanted) => inRange(given, wanted) };

const compared =
  (toNumber: (text: string) => number) =>
  (test: (given: number, wanted: number) => boolean): Operator => ({
    test: (given, wanted) => test(toNumber(given), toNumber(wanted)),
  });
const numeric = compared(Number);
const date = compared((text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)));

const OPERATORS: Record<string, Operator> = {
  StringEquals: stringEquals,
  StringNotEquals: not(stringEquals),
  StringEqualsIgnoreCase: stringEqualsIgnoreCase,
  StringNotEqualsIgnoreCase: not(stringEqualsIgnoreCase),
  StringLike: stringLike,
  StringNotLike: not(stringLike),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
  Bool: stringEqualsIgnoreCase,
  BinaryEquals: stringEquals,
  IpAddress: ipAddress,
  NotIpAddress: not(ipAddress),
  NumericEquals: numeric((given, wanted) => given === wanted),
  NumericNotEquals: not(numeric((given, wanted) => given === wanted)),
  NumericLessThan: numeric((given, wanted) => given < wanted),
  NumericLessThanEquals: numeric((given, wanted) => given <= wanted),
  NumericGreaterThan: numeric((given, wanted) => given > wanted),
  NumericGreaterThanEquals: numeric((given, wanted) => given >= wanted),
  DateEquals: date((given, wanted) => given === wanted),
  DateNotEquals: not(date((given, wanted) => given === wanted)),
  DateLessThan: date((given, wanted) => given < wanted),
  DateLessThanEquals: date((given, wanted) => given <= wanted),
  DateGreaterThan: date((given, wanted) => given > wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
};

function parts(arn: string): string[] {
  const all = arn.split(':');
  return [...all.slice(0, 5), all.slice(5).join(':')];
}

/** `203.0.113.0/24`; version 4 only, which is what a loopback caller has. */
function inRange(address: string, range: string): boolean {
  const [network = '', bits = '32'] = range.split('/');
  if (isIP(address) !== 4 || isIP(network) !== 4) return address === network;
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  return (whole(address) & mask) >>> 0 === (whole(network) & mask) >>> 0;
}

const whole = (address: string): number =>
  address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
