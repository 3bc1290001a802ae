import type { OrderPlaced, StockLine } from '../contracts/checkout.ts';
import { StockReserved, StockShort } from '../contracts/inventory.ts';
import type { OrderCancelled } from '../contracts/shipping.ts';
import type { MessageOf } from '../runtime/contract.ts';
import type { Decision } from '../runtime/consume/definition.ts';
import { openingStock, type Stock } from './stock.ts';

type Message = MessageOf<typeof OrderPlaced | typeof OrderCancelled>;

/** The products of a message, each once: an order may have a product on two lines. */
export const productsOf = ({ data }: Message): string[] => [...wantedOf(data.lines).keys()];

/** All lines of an order are set aside, or none; a cancelled order's come back. Stocks are those of `productsOf`, in order. */
export function decide(
  stocks: readonly (Stock | undefined)[],
  event: Message,
): Decision<readonly (Stock | undefined)[]> {
  const wanted = wantedOf(event.data.lines);
  const shelf = [...wanted].map(([productId, quantity], i) => ({
    productId,
    quantity,
    onHand: (stocks[i] ?? openingStock(productId)).onHand,
  }));
  if (event.type === 'order.cancelled')
    return { state: shelf.map(({ onHand, quantity }) => ({ onHand: onHand + quantity })) };

  const { orderId, customerId, acceptedAt } = event.data;
  const missing = shelf.filter(({ onHand, quantity }) => onHand < quantity).map(({ productId }) => productId);
  if (missing.length > 0) return { publish: [StockShort({ orderId, customerId, acceptedAt, missing })] };
  return {
    state: shelf.map(({ onHand, quantity }) => ({ onHand: onHand - quantity })),
    publish: [StockReserved({ orderId, customerId, acceptedAt, lines: event.data.lines })],
  };
}

function wantedOf(lines: readonly StockLine[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { productId, quantity } of lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
  return wanted;
}
