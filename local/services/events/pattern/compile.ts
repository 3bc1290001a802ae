/**
 * Event patterns, compiled to a test over parsed events.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
import { AwsError } from '../../../errors.ts';
import { addressOf } from './address.ts';
import { holds, pathOf, type Field } from './match.ts';
import { comparable, Numeral } from './numbers.ts';
import { expression, type Leaf, type Test } from './operators.ts';
import { reader, type Reader } from './reader.ts';
import { tooComplex, type Wildcard } from './wildcard.ts';

/** Whether an event, parsed from JSON (best by `parseExactly`), matches. */
export interface Pattern {
  (event: unknown): boolean;
  /** The only values of `detail-type` that can match; undefined: any. Lets a bus look up its rules. */
  detailTypes: ReadonlySet<string> | undefined;
}

/** Throws InvalidEventPatternException with AWS's reason. */
export function compilePattern(text: string): Pattern {
  const choices = invalidUnlessRead(() => choicesIn(text));
  const tests = choices.map((fields) =>
    Array.from(fields.values()).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
  return Object.assign((event: unknown) => tests.some((fields) => holds(fields, event)), {
    detailTypes: detailTypesOf(choices),
  });
}

/** The fields of one alternative by their dotted path; `$or` makes several alternatives. */
type Choice = Map<string, Field & { wildcards: Wildcard[]; texts: string[] | undefined }>;

function choicesIn(text: string): Choice[] {
  const read = reader(text);
  if (read.next() !== '{') read.fail('Filter is not an object');
  const choices = fieldsInto([], read, '', false);
  read.next();
  const fields = choices.flatMap((choice) => Array.from(choice.values()));
  if (fields.some(({ wildcards }) => wildcards.length > 0 && tooComplex(wildcards)))
    throw new Error(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  return choices;
}

/** Reads the fields of an object, whose `{` has just been read, into every alternative there is so far. */
function fieldsInto(choices: Choice[], read: Reader, path: string, inOr: boolean): Choice[] {
  let some = false;
  while (read.next() !== '}') {
    some = true;
    const name = read.text();
    if (name === '$or') {
      choices = alternatives(choices, read, path);
      continue;
    }
    if (inOr && RESERVED.has(name))
      read.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    const token = read.next();
    if (token === '{') choices = fieldsInto(choices, read, `${path}${name}.`, inOr);
    else if (token === '[') choices = withField(choices, field(read, path + name));
    else read.fail(`"${name}" must be an object or an array`);
  }
  if (!some) read.fail('Empty objects are not allowed');
  return choices;
}

function alternatives(before: Choice[], read: Reader, path: string): Choice[] {
  if (read.next() !== '[') read.fail('It must be an Array followed with $or.');
  const found: Choice[] = [];
  let count = 0;
  for (let token = read.next(); token !== ']'; token = read.next()) {
    if (token !== '{') read.fail('Only JSON object is allowed in array of $or relationship.');
    count++;
    const copies = before.length > 0 ? before.map((choice) => new Map(choice)) : [new Map()];
    found.push(...fieldsInto(copies, read, path, true));
  }
  if (count < 2) read.fail('There must have at least 2 Objects in $or relationship.');
  return found;
}

function withField(choices: Choice[], field: Choice extends Map<string, infer F> ? F : never): Choice[] {
  const all = choices.length > 0 ? choices : [new Map()];
  for (const choice of all) choice.set(field.name, field);
  return all;
}

/** Reads the values of one field, whose `[` has just been read. */
function field(read: Reader, name: string) {
  const exact = new Set<Leaf>();
  const tests: Test[] = [];
  const wildcards: Wildcard[] = [];
  let absent = false;
  let count = 0;
  for (let token = read.next(); token !== ']'; token = read.next()) {
    count++;
    if (token === '{') {
      const found = expression(read);
      if ('absent' in found) absent = true;
      else {
        tests.push(found.test);
        wildcards.push(...(found.wildcards ?? []));
      }
    } else if (token === 'string') {
      const text = read.text();
      exact.add(text);
      if (addressOf(text) !== undefined) tests.push(sameAddress(addressOf(text)!));
    } else if (token === 'number') {
      const text = read.text();
      const number = comparable(text);
      if (number === undefined) tests.push((value) => value instanceof Numeral && value.text === text);
      else exact.add(number);
    } else if (token === 'true' || token === 'false' || token === 'null') {
      exact.add(JSON.parse(token) as boolean | null);
    } else {
      read.fail('Match value must be String, number, true, false, or null');
    }
  }
  if (count === 0) read.fail('Empty arrays are not allowed');
  const onlyTexts = exact.size === count && [...exact].every((value) => typeof value === 'string');
  return {
    name,
    path: pathOf(name),
    absent,
    test: (value: Leaf) => exact.has(value) || tests.some((test) => test(value)),
    wildcards,
    texts: onlyTexts ? ([...exact] as string[]) : undefined,
  };
}

const sameAddress =
  (address: string): Test =>
  (value) =>
    typeof value === 'string' && addressOf(value) === address;

function detailTypesOf(choices: Choice[]): ReadonlySet<string> | undefined {
  const texts = choices.map((choice) => choice.get('detail-type')?.texts);
  return texts.includes(undefined) ? undefined : new Set(texts.flatMap((some) => some ?? []));
}

function invalidUnlessRead<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${(error as Error).message}`,
    );
  }
}

/** https://github.com/aws/event-ruler (Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP) */
const RESERVED = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex ' +
    'not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ' +
    'ip-address-in-range ip-address-not-in-range'
  ).split(' '),
);
