/** The catalogue: everything that may be said in the shop. */
export * from './checkout.ts';
export * from './inventory.ts';
export * from './ledger.ts';
export * from './money.ts';
export * from './payments.ts';
export * from './shipping.ts';

import type { Contract } from '../runtime/contract.ts';
import { OrderPlaced, PlaceOrder } from './checkout.ts';
import { StockReserved, StockShort } from './inventory.ts';
import { PostToLedger } from './ledger.ts';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from './payments.ts';
import { OrderCancelled, OrderShipped, ShipmentDue } from './shipping.ts';

export const catalogue: readonly Contract[] = [
  PlaceOrder,
  OrderPlaced,
  PaymentCaptured,
  PaymentDeclined,
  PaymentRefunded,
  StockReserved,
  StockShort,
  OrderShipped,
  OrderCancelled,
  ShipmentDue,
  PostToLedger,
];
