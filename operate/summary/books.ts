import type { Order } from '../../functions/checkout/decide.ts';
import type { Books as CustomerBooks } from '../../functions/ledger/decide.ts';
import type { Payment } from '../../functions/payments/decide.ts';
import type { Shipment } from '../../functions/shipping/decide.ts';
import { aggregates, countAggregates } from '../aggregates.ts';
import type { Aws } from '../aws.ts';
import type { Discovered } from '../discovery.ts';
import { OperateError } from '../errors.ts';

/** The shop's state, added up. Amounts are ten-thousandths of a dollar, exact: their sums stay far below 2^53. */
export interface Books {
  placed: number;
  ordered: number;
  captured: number;
  refunded: number;
  debits: number;
  credits: number;
  /** What we still owe customers; 0 when every captured order was shipped or refunded. */
  deposits: number;
  revenue: number;
  shipped: number;
  cancelled: number;
  /** Shipments that wait for payment or stock. */
  open: number;
  /** From accepted to shipped, milliseconds, ascending. */
  latencies: number[];
}

export async function readBooks(aws: Aws, discovered: Discovered): Promise<Books> {
  const books: Books = {
    placed: 0,
    ordered: 0,
    captured: 0,
    refunded: 0,
    debits: 0,
    credits: 0,
    deposits: 0,
    revenue: 0,
    shipped: 0,
    cancelled: 0,
    open: 0,
    latencies: [],
  };
  const table = (consumer: string) => tableOf(discovered, consumer);
  for await (const { total } of aggregates<Order>(aws, table('checkout'))) {
    books.placed++;
    books.ordered += total;
  }
  for await (const { captured, refunded } of aggregates<Payment>(aws, table('payments'))) {
    books.captured += captured;
    books.refunded += refunded;
  }
  for await (const { debits, credits, balances } of aggregates<CustomerBooks>(aws, table('ledger'))) {
    books.debits += debits;
    books.credits += credits;
    books.deposits -= balances.deposits;
    books.revenue -= balances.revenue;
  }
  for await (const shipment of aggregates<Shipment>(aws, table('shipping'))) {
    books[shipment.status]++;
    if (shipment.status === 'shipped')
      books.latencies.push(Date.parse(shipment.closedAt!) - Date.parse(shipment.acceptedAt!));
  }
  books.latencies.sort((a, b) => a - b);
  return books;
}

/** How many orders are shipped or cancelled by now. */
export const closedOrders = (aws: Aws, discovered: Discovered): Promise<number> =>
  countAggregates(aws, tableOf(discovered, 'shipping'), '"status":"open"');

function tableOf({ consumers }: Discovered, consumer: string): string {
  const table = consumers[consumer]?.table;
  if (table === undefined)
    throw new OperateError(
      'NOT_DEPLOYED',
      `The deployed pipeline has no consumer "${consumer}" with a table`,
    );
  return table;
}
