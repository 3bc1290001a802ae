import { OrderPlaced, type OrderedLine, type PlaceOrder } from '../contracts/checkout.ts';
import type { MessageOf } from '../runtime/contract.ts';
import type { Decision } from '../runtime/consume/definition.ts';
import { Permanent } from '../runtime/errors.ts';

export interface Order {
  orderId: string;
  customerId: string;
  /** Ten-thousandths of a dollar. */
  total: number;
  placedOn: string;
  /** When the command was given, RFC 3339. */
  acceptedAt: string;
}

/** An order is accepted once; placing it again has no effect. Its sums must be right to the last ten-thousandth. */
export function decide(
  order: Order | undefined,
  { data, time }: MessageOf<typeof PlaceOrder>,
): Decision<Order> {
  if (order) return {};
  checkSums(data);
  const { orderId, customerId, total, placedOn } = data;
  const lines = data.lines.map(({ productId, quantity }) => ({ productId, quantity }));
  return {
    state: { orderId, customerId, total, placedOn, acceptedAt: time },
    publish: [OrderPlaced({ orderId, customerId, total, placedOn, lines, acceptedAt: time })],
  };
}

function checkSums({ lines, total }: { lines: readonly OrderedLine[]; total: number }): void {
  for (const [i, line] of lines.entries())
    if (line.amount !== amountOf(line))
      throw new Permanent('the amount of a line is not quantity × unit price × (1 − discount)', {
        code: 'ORDER_AMOUNT',
        path: `data.lines[${i}].amount`,
      });
  if (total !== lines.reduce((sum, { amount }) => sum + amount, 0))
    throw new Permanent('the total is not the sum of the lines', { code: 'ORDER_TOTAL', path: 'data.total' });
}

/** Exact: a unit price is whole cents, that is a hundred ten-thousandths. */
export const amountOf = ({
  quantity,
  unitPrice,
  discount,
}: Pick<OrderedLine, 'quantity' | 'unitPrice' | 'discount'>): number =>
  quantity * (unitPrice / 100) * (100 - discount);
