import { assert, maxSafeInteger, property } from 'fast-check';
import { expect, test } from 'vitest';
import { formatUsd, usd } from '../../functions/contracts/money.ts';

test('dollars and ten-thousandths are one and the same', () => {
  expect(() =>
    assert(property(maxSafeInteger(), (amount) => usd(formatUsd(amount)) === amount)),
  ).not.toThrow();
});

test.each([
  [1000, 10_000_000],
  ['0.444', 4_440],
  ['22638.48', 226_384_800],
  ['-0.0001', -1],
  [0, 0],
])('%s dollars are %i ten-thousandths', (dollars, amount) => {
  expect(usd(dollars)).toBe(amount);
});

test.each(['1.00001', '', '1e3', 'NaN', '1,5', 0.1 + 0.2])('%s is no amount', (dollars) => {
  expect(() => usd(dollars)).toThrow(RangeError);
});

test.each([
  [22_972_008_603n, '2297200.8603'],
  [0, '0.0000'],
  [1, '0.0001'],
  [-5, '-0.0005'],
])('%s is written %s', (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});
