import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Aws } from '../../operate/aws.ts';
import { contractOf, dataOf, emit } from '../../operate/emit.ts';

const EXAMPLE = 'docs/examples/order.place.json';

describe('what a message says comes from flags, a file or standard input', () => {
  test('--data and --set go together; a value that is JSON is taken as such', async () => {
    const data = await dataOf({
      data: '{"orderId":"A","lines":[]}',
      set: ['total=5', 'shipTo.city=Köln', 'orderId=B-1'],
    });
    expect(data).toEqual({ orderId: 'B-1', lines: [], total: 5, shipTo: { city: 'Köln' } });
  });

  test('--file', async () => {
    expect(await dataOf({ file: EXAMPLE, set: ['orderId=X'] })).toMatchObject({
      orderId: 'X',
      total: 2_736_560,
    });
  });

  test.each([
    [{ data: '{"a":' }, 'BAD_INPUT', 1],
    [{ file: '/no/such/file' }, 'FILE_MISSING', 2],
    [{ data: '{}', file: EXAMPLE }, 'BAD_OPTION', 2],
    [{ set: ['novalue'] }, 'BAD_OPTION', 2],
    [{ set: ['__proto__.polluted=1'] }, 'BAD_OPTION', 2],
  ])('%j is refused as %s', async (given, code, exit) => {
    await expect(dataOf(given)).rejects.toMatchObject({ code, exit });
  });
});

describe('a message is checked against its contract before anything is looked up or sent', () => {
  const nobody = (() => {
    throw new Error('nothing may be called');
  }) as unknown as Aws;
  const nowhere = () => Promise.reject(new Error('nothing may be looked up'));

  test('an unknown type names the nearest (B15)', () => {
    expect(() => contractOf('order.plce')).toThrow(
      expect.objectContaining({ code: 'BAD_COMMAND', message: expect.stringContaining('order.place') }),
    );
  });

  test('every fault is listed, with its path', async () => {
    const data = JSON.parse(await readFile(EXAMPLE, 'utf8'));
    delete data.customerId;
    data.lines[0].quantity = -2;
    const refused = emit(nobody, nowhere, contractOf('order.place'), data);
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/customerId.*lines.*quantity|lines.*quantity.*customerId/s),
    });
  });
});
