import { StockReserved, StockShort } from '../contracts/inventory.ts';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from '../contracts/payments.ts';
import { ShipmentDue } from '../contracts/shipping.ts';
import { consume } from '../runtime/consume.ts';
import { decide } from './decide.ts';

export const handler = consume(
  [PaymentCaptured, PaymentDeclined, PaymentRefunded, StockReserved, StockShort, ShipmentDue],
  { key: ({ data }) => data.orderId, decide },
);
