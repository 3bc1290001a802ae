import { OrderPlaced } from '../contracts/checkout.ts';
import { StockShort } from '../contracts/inventory.ts';
import { OrderCancelled } from '../contracts/shipping.ts';
import { consume } from '../runtime/consume.ts';
import { decide } from './decide.ts';

export const handler = consume([OrderPlaced, StockShort, OrderCancelled], {
  key: ({ data }) => data.orderId,
  decide,
});
