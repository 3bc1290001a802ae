import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../local/services/events/pattern/compile.ts';
import { parseExactly } from '../../../local/services/events/pattern/numbers.ts';

interface Case {
  name: string;
  pattern?: object;
  /** Instead of `pattern`, where its spelling matters. */
  patternText?: string;
  matches: object[];
  not: object[];
  matchTexts?: string[];
  notTexts?: string[];
}

const cases = JSON.parse(readFileSync(new URL('patterns.json', import.meta.url), 'utf8')) as Case[];

const asTexts = (events: object[]) => events.map((event) => JSON.stringify(event));

describe('event patterns', () => {
  test.for(cases)('$name', ({ pattern, patternText, matches, not, matchTexts = [], notTexts = [] }) => {
    const matcher = compilePattern(patternText ?? JSON.stringify(pattern));
    const said = (texts: string[]) => texts.map((text) => [text, matcher(parseExactly(text))]);
    const yes = [...asTexts(matches), ...matchTexts];
    const no = [...asTexts(not), ...notTexts];
    expect(said(yes)).toEqual(yes.map((text) => [text, true]));
    expect(said(no)).toEqual(no.map((text) => [text, false]));
  });
});

/** Pattern, reason, and the column that AWS names; several where it says the place twice. */
const refused: [pattern: string, reason: string, ...columns: number[]][] = [
  ['{"int": 42}', '"int" must be an object or an array', 11],
  ['{"string": "my-value"}', '"string" must be an object or an array', 13],
  ['["a"]', 'Filter is not an object', 2],
  ['{"resources": []}', 'Empty arrays are not allowed', 17],
  ['{}', 'Empty objects are not allowed', 3],
  ['{"my_key": [{"EXISTS": true}]}', 'Unrecognized match type EXISTS', 28],
  ['{"a": [{"prefix": "x", "suffix": "y"}]}', 'Only one key allowed in match expression', 35],
  ['{"a": [{"prefix": 123}]}', 'prefix match pattern must be a string', 22],
  ['{"a": [{"suffix": [".png"]}]}', 'suffix match pattern must be a string', 20],
  [
    '{"a": [{"equals-ignore-case": {"prefix": "ec2"}}]}',
    'equals-ignore-case match pattern must be a string',
    32,
  ],
  ['{"a": [{"wildcard": 123}]}', 'wildcard match pattern must be a string', 24],
  ['{"a": [{"cidr": ["x"]}]}', 'prefix match pattern must be a string', 18],
  ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [{"cidr": "10.0.0.0/x"}]}', 'Malformed CIDR, mask bits must be an integer'],
  ['{"a": [{"cidr": "xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
  ['{"a": [{"cidr": "10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
  ['{"a": [{"cidr": "::/128"}]}', 'IPv6 mask bits must be < 128'],
  ['{"a": [{"exists": 1}]}', 'exists match pattern must be either true or false.', 20],
  ['{"a": [{"numeric": 10}]}', 'Value of numeric must be an array.', 22],
  ['{"a": [{"numeric": [">", 0, ">", 0]}]}', 'Bad numeric range operator: >', 32],
  ['{"a": [{"numeric": [">", 0, "<"]}]}', 'Value of < must be numeric', 33],
  ['{"a": [{"numeric": ["<", 0, ">", 0]}]}', 'Too many elements in numeric expression', 30],
  [
    '{"a": [{"anything-but": null}]}',
    'Value of anything-but must be an array or single string/number value.',
    29,
  ],
  ['{"a": [{"anything-but": {"prefix": ""}}]}', 'Null prefix/suffix not allowed', 38],
  ['{"a": [{"anything-but": {"prefix": 123}}]}', 'prefix/suffix match pattern must be a string', 39],
  [
    '{"a": [{"anything-but": ["x", null]}]}',
    'Inside anything but list, start|null|boolean is not supported.',
    35,
    35,
  ],
  [
    '{"a": [{"anything-but": ["x", 1]}]}',
    'Inside anything but list, either all values are number or string, mixed type is not supported',
    33,
  ],
  [
    '{"a": [{"anything-but": {"equals-ignore-case": [1]}}]}',
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    50,
    50,
  ],
  ['{"a": [{"wildcard": "a**"}]}', 'Consecutive wildcard characters at pos 2', 26],
  [String.raw`{"a": [{"wildcard": "a\\b"}]}`, 'Invalid escape character at pos 2', 27],
  [
    '{"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}',
    'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
  ],
  ['{"$or": [{"a": [1]}]}', 'There must have at least 2 Objects in $or relationship.', 21],
  ['{"$or": {"a": [1]}}', 'It must be an Array followed with $or.', 10],
  [
    '{"$or": [{"prefix": [1]}, {"a": [1]}]}',
    'prefix is Ruler reserved fieldName which cannot be used inside $or.',
    22,
  ],
  [
    'this is no JSON',
    `Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
    5,
  ],
  ["{'bad': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2],
];

describe('a pattern is refused in the words recorded against AWS', () => {
  test.for(refused)('%s', ([pattern, reason, ...columns]) => {
    const places = columns.map(
      (column) => `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`,
    );
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: `Event pattern is not valid. Reason: ${reason}${places.join('')}`,
      }),
    );
  });
});

test('wildcards that AWS accepts are accepted', () => {
  const accepted = ['arn:aws:events:us-east-1:*:event-bus/*', '/Users/*/dir/dir/dir/dir/dir/doc.txt'];
  for (const wildcard of accepted)
    expect(() => compilePattern(JSON.stringify({ a: [{ wildcard }] }))).not.toThrow();
});
