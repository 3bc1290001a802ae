import { assert, asyncProperty, integer, record, array, nat } from 'fast-check';
import { expect, test } from 'vitest';
import { handler as checkout } from '../../functions/checkout/handler.ts';
import { PlaceOrder } from '../../functions/contracts/checkout.ts';
import { usd } from '../../functions/contracts/money.ts';
import { handler as inventory } from '../../functions/inventory/handler.ts';
import type { Stock } from '../../functions/inventory/stock.ts';
import type { Books } from '../../functions/ledger/decide.ts';
import { handler as ledger } from '../../functions/ledger/handler.ts';
import type { Payment } from '../../functions/payments/decide.ts';
import { handler as payments } from '../../functions/payments/handler.ts';
import type { Consumer } from '../../functions/runtime/consume.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import type { Shipment } from '../../functions/shipping/decide.ts';
import { handler as shipping } from '../../functions/shipping/handler.ts';

const CONSUMERS = { checkout, payments, inventory, shipping, ledger };

/** The whole shop in memory, every message delivered in any order and now and then twice; marks as in the tables. */
async function run(orders: CloudEvent[], choose: (count: number) => number) {
  const states = new Map<string, unknown>();
  const done = new Set<string>();
  const under: { consumer: string; message: CloudEvent }[] = [];
  const route = (messages: CloudEvent[]) => {
    for (const message of messages)
      for (const [consumer, { definition }] of Object.entries(CONSUMERS))
        if (definition.on.some(({ contract }) => contract.type === message.type))
          under.push({ consumer, message });
  };
  route(orders);
  let copies = 0;
  while (under.length > 0) {
    const i = choose(under.length);
    const { consumer, message } = under[i]!;
    if (copies >= 30 || choose(3) > 0) under.splice(i, 1);
    else copies++;
    if (done.has(`${consumer} ${message.id}`)) continue;
    done.add(`${consumer} ${message.id}`);
    const keys = keysOf(CONSUMERS[consumer as keyof typeof CONSUMERS], message).map(
      (key) => `${consumer} ${key}`,
    );
    const before = keys.map((key) => states.get(key));
    const several = consumer === 'inventory';
    const delivered = await deliver(
      CONSUMERS[consumer as keyof typeof CONSUMERS],
      message,
      several ? before : before[0],
    );
    expect(delivered.fault).toBeUndefined();
    const after = several ? (delivered.state as unknown[]) : [delivered.state];
    keys.forEach((key, n) => states.set(key, after[n]));
    route(
      [...delivered.published, ...delivered.sent].map((one, n) => ({
        ...one,
        id: `${one.type}-${n}-${message.id}`,
      })),
    );
  }
  const of = <State>(consumer: string) =>
    [...states].filter(([key]) => key.startsWith(`${consumer} `)).map(([, state]) => state as State);
  return {
    payments: of<Payment>('payments'),
    shipments: of<Shipment>('shipping'),
    books: of<Books>('ledger'),
    stock: of<Stock | undefined>('inventory'),
  };
}

const keysOf = ({ definition }: Consumer, message: CloudEvent) => definition.keysOf(message);

const placed = record({
  customer: nat(3),
  quantity: integer({ min: 1, max: 5 }),
  product: integer({ min: 10, max: 20 }),
  price: integer({ min: 1, max: 3_000_000 }),
});

test('I9 the books balance to the last ten-thousandth, whatever the order of arrival and whatever comes twice', async () => {
  const property = asyncProperty(
    array(placed, { minLength: 1, maxLength: 6 }),
    array(nat(), { minLength: 50, maxLength: 200 }),
    async (orders, choices) => {
      let next = 0;
      const choose = (count: number) => choices[next++ % choices.length]! % count;
      const commands = orders.map(({ customer, quantity, product, price }, i) => {
        const amount = quantity * price * 100;
        const line = {
          productId: `P-${product}`,
          name: 'thing',
          quantity,
          unitPrice: price * 100,
          discount: 0,
          amount,
        };
        return PlaceOrder(
          {
            orderId: `O-${i}`,
            customerId: `C-${customer}`,
            placedOn: '2016-01-01',
            lines: [line],
            total: amount,
          },
          { id: `place-${i}` },
        );
      });
      const { payments, shipments, books, stock } = await run(commands, choose);
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

      const [accepted, short, declined] = [
        commands,
        commands.filter((c) => isShort(c) && !isLarge(c)),
        commands.filter(isLarge),
      ].map((some) => sum(some.map(({ data }) => data.total)));
      expect(sum(payments.map(({ captured }) => captured))).toBe(accepted! - declined!);
      expect(sum(payments.map(({ refunded }) => refunded))).toBe(short);
      expect(shipments.every(({ status }) => status !== 'open')).toBe(true);
      expect(sum(books.map(({ debits }) => debits))).toBe(sum(books.map(({ credits }) => credits)));
      expect(sum(books.map(({ balances }) => balances.cash))).toBe(accepted! - declined! - short!);
      expect(sum(books.map(({ balances }) => balances.deposits))).toBe(0);
      const shipped = commands.filter((command) => !isShort(command) && !isLarge(command));
      const gone = sum(shipped.map(({ data }) => data.lines[0]!.quantity));
      expect(sum(stock.map((product) => (product ? 1_000_000 - product.onHand : 0)))).toBe(gone);
    },
  );
  await assert(property, { numRuns: 60 });
});

type Command = ReturnType<typeof PlaceOrder>;
const isShort = ({ data }: Command) => data.lines[0]!.productId.endsWith('13');
const isLarge = ({ data }: Command) => data.total > usd(50_000);
