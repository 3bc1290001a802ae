import { expect, test } from 'vitest';
import { row, ROW } from '../../operate/trace/row.ts';

const line = {
  at: '2030-01-01T00:00:00.000Z',
  consumer: 'payments',
  type: 'order.placed',
  id: 'one',
  outcome: 'retry',
  code: 'UNEXPECTED',
  message: 'TypeError: no receipt',
  transit: 1,
  waiting: 2,
  processing: 3,
} as const;

test('a record that is tried again says why in words', () => {
  expect(Object.fromEntries(row(line).map((cell, i) => [ROW[i], cell]))).toEqual({
    AT: '2030-01-01T00:00:00.000Z',
    CONSUMER: 'payments',
    TYPE: 'order.placed',
    OUTCOME: 'retry UNEXPECTED',
    TOOK: '6 ms',
    ID: 'one',
    WHY: 'TypeError: no receipt',
  });
});
