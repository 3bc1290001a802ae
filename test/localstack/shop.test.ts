/** The shop on LocalStack, by the same stock tools as on AWS: it is an equal target, so nothing here is made for it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { awsOfEnvironment } from '../../operate/aws.ts';
import { backlog } from '../../operate/backlog.ts';
import { discover } from '../../operate/discovery.ts';
import { readOrders, type Order } from '../../operate/orders/read.ts';
import { superstore } from '../../operate/orders/superstore.ts';
import { readBooks } from '../../operate/summary/books.ts';
import { against, spillway } from '../e2e/spillway.ts';
import { NOT_MADE } from './differences.ts';

const ORDERS = Number(process.env['ORDERS'] ?? 500);
const MINUTE = 60_000;

const { endpoint, logFile, missing } = inject('localStack');

describe.skipIf(missing !== undefined)('the shop on LocalStack', () => {
  beforeAll(() => void Object.assign(process.env, against(endpoint)));

  test('cdk bootstrap', { timeout: 3 * MINUTE }, async () => {
    expect(await cdk('bootstrap')).toMatch(/bootstrapped/);
  });

  test('cdk deploy --all', { timeout: 5 * MINUTE }, async () => {
    expect(await cdk('deploy', '--all', '--require-approval', 'never')).toMatch(/✅ {2}shop-dev/);
  });

  test('cdk deploy again: no changes', { timeout: MINUTE }, async () => {
    expect(await cdk('deploy', '--all', '--require-approval', 'never')).toMatch(/no changes/);
  });

  test('makes every resource of the template but those that are listed as not made', () => {
    const notMade = [...readFileSync(logFile, 'utf8').matchAll(/No resource provider found for "([\w:]+)"/g)];
    expect(new Set(notMade.map(([, type]) => type))).toEqual(new Set(NOT_MADE));
  });

  test(`${ORDERS} orders of the file come out with balanced books`, { timeout: 30 * MINUTE }, async () => {
    const { code, stdout, stderr } = await spillway(['import', '--limit', String(ORDERS), '--json']).ended;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ orders: ORDERS, accepted: ORDERS, refused: [] });

    const aws = awsOfEnvironment();
    const discovered = await discover(aws);
    const { placed, ordered, cancelled, refunded } = await expected();
    await expect
      .poll(() => readBooks(aws, discovered), { interval: 5_000, timeout: MINUTE + ORDERS * 3_000 })
      .toMatchObject({
        placed,
        ordered,
        captured: ordered,
        refunded,
        revenue: ordered - refunded,
        deposits: 0,
        shipped: placed - cancelled,
        cancelled,
        open: 0,
      });
    const { debits, credits } = await readBooks(aws, discovered);
    expect(debits).toBe(credits);
    expect((await backlog(aws, discovered, Date.now())).deadLetters).toEqual({});
  });
});

/** The stock CDK command line, on the shop as it was synthesized for this run. */
async function cdk(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    'npx',
    ['cdk', '--app', inject('shopAssembly'), '--progress', 'events', ...args],
    { env: { ...process.env, CI: '1' } },
  );
  return stdout + stderr;
}

/** What the file says of its first orders, and the shop's rule of stock: products whose id ends in 13 never arrived. */
async function expected() {
  const orders: Order[] = [];
  for await (const read of readOrders(superstore())) {
    if ('order' in read) orders.push(read.order);
    if (orders.length === ORDERS) break;
  }
  const short = orders.filter(({ lines }) => lines.some(({ productId }) => productId.endsWith('13')));
  return {
    placed: orders.length,
    ordered: sumOfTotals(orders),
    cancelled: short.length,
    refunded: sumOfTotals(short),
  };
}

const sumOfTotals = (orders: Order[]): number => orders.reduce((sum, { total }) => sum + total, 0);
