import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  numberSize,
  plainNumber,
  sortableNumber,
  subtract,
} from '../../../local/services/dynamodb/number.ts';

test.each([
  ['1', '1'],
  ['001.50', '1.5'],
  ['-0', '0'],
  ['+7', '7'],
  ['1e2', '100'],
  ['1.5E-3', '0.0015'],
  ['.5', '0.5'],
  ['-12.0', '-12'],
  ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
  ['1e-130', `0.${'0'.repeat(129)}1`],
])('the number %s is kept as %s', (text, plain) => {
  expect(plainNumber(text)).toBe(plain);
});

test.each([
  ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  ['1'.repeat(39), 'Attempting to store more than 38 significant digits in a Number'],
  ['', 'The parameter cannot be converted to a numeric value'],
  ['1x', 'The parameter cannot be converted to a numeric value: 1x'],
  ['.', 'The parameter cannot be converted to a numeric value: .'],
  ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
])('the number %j is refused', (text, message) => {
  expect(() => plainNumber(text)).toThrow(message);
});

test('sums are exact where floating point is not', () => {
  expect(add('0.1', '0.2')).toBe('0.3');
  expect(add('9007199254740993', '1')).toBe('9007199254740994');
  expect(subtract('1e20', '1e-10')).toBe('99999999999999999999.9999999999');
  expect(subtract('5', '5')).toBe('0');
  expect(() => add('1e38', '0.1')).toThrow('38 significant digits');
});

test('the order of the text is the order of the numbers', () => {
  const scaled = fc.tuple(
    fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    fc.integer({ min: -20, max: 20 }),
  );
  const units = ([digits, power]: [bigint, number]) => digits * 10n ** BigInt(power + 20);
  fc.assert(
    fc.property(scaled, scaled, (a, b) => {
      const [first, second] = [a, b].map(([digits, power]) => sortableNumber(`${digits}e${power}`)) as [
        string,
        string,
      ];
      expect(Math.sign(first < second ? -1 : first > second ? 1 : 0)).toBe(
        units(a) < units(b) ? -1 : units(a) > units(b) ? 1 : 0,
      );
    }),
  );
});

test('a number takes a byte for each two digits to either side of its point, one for its magnitude, one for a minus', () => {
  expect(['0', '1', '12', '120', '1234', '-12'].map(numberSize)).toEqual([1, 2, 2, 3, 3, 3]);
});
