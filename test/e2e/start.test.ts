import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { formatUsd } from '../../functions/contracts/money.ts';
import { readOrders } from '../../operate/orders/read.ts';
import { superstore } from '../../operate/orders/superstore.ts';
import { synthesized } from './project.ts';
import { against, spillway } from './spillway.ts';

const MINUTES = 60_000;

describe('npm start -- --exit', () => {
  test(
    'takes real orders through the pipeline until the books balance to the last digit, with the outcomes that the file implies',
    { timeout: 6 * MINUTES },
    async () => {
      const { total, short, refunded } = await implied(100);
      const { code, stdout } = await spillway(['up', '--exit', '--json', '--port', '0', '--limit', '100'])
        .ended;
      const summary = JSON.parse(stdout);
      expect(summary).toMatchObject({
        orders: 100,
        accepted: 100,
        refused: [],
        shipped: 100 - short,
        cancelled: short,
        deadLetters: 0,
        orderedTotal: formatUsd(total),
        capturedTotal: formatUsd(total),
        refundedTotal: formatUsd(refunded),
        revenueTotal: formatUsd(total - refunded),
        missing: [],
      });
      expect(short).toBeGreaterThan(0);
      expect(summary.ledgerDebits).toBe(summary.ledgerCredits);
      expect(code).toBe(0);
    },
  );
});

describe('npm start stays up', () => {
  test(
    'on another port when its own is taken, and says so; importing the file again places no order twice; Ctrl-C ends it',
    { timeout: 6 * MINUTES },
    async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const port = (taken.address() as { port: number }).port;
      const started = spillway(['up', '--limit', '30', '--port', String(port)], { cwd: await synthesized() });
      await started.says(/The books balance: 30 orders/);
      const [, endpoint] = await started.says(new RegExp(`Port ${port} is taken; using (http://\\S+)\\.`));
      const again = await spillway(['import', '--limit', '30', '--json'], { env: against(endpoint!) }).ended;
      expect(JSON.parse(again.stdout)).toMatchObject({ accepted: 30 });
      started.child.kill('SIGINT');
      expect((await started.ended).code).toBe(0);
      taken.close();
    },
  );
});

/** What the first orders of the file come to, by the shop's rule: products whose id ends in 13 never arrived. */
async function implied(count: number) {
  const sums = { total: 0, short: 0, refunded: 0 };
  let read = 0;
  for await (const one of readOrders(superstore())) {
    if (!('order' in one)) continue;
    const { lines, total } = one.order;
    sums.total += total;
    if (lines.some(({ productId }) => productId.endsWith('13'))) {
      sums.short++;
      sums.refunded += total;
    }
    if (++read === count) break;
  }
  return sums;
}
