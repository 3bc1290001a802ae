import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  OrderCancelled,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  PaymentDeclined,
  PaymentRefunded,
  PlaceOrder,
  PostToLedger,
  ShipmentDue,
  StockReserved,
  StockShort,
  usd,
} from '../functions/contracts/index.ts';
import { numeric } from '../functions/runtime/contract/where.ts';
import { Pipeline } from './pipeline/index.ts';

export interface ShopProps extends StackProps {
  readonly stage: string;
  /** Who is told about alarms. @default nobody */
  readonly alarmEmail?: string;
}

/** The reference system: an order is placed, paid, reserved and shipped, or cancelled and refunded. */
export class Shop extends Stack {
  constructor(scope: Construct, id: string, { stage, alarmEmail, ...props }: ShopProps) {
    super(scope, id, { description: `The shop, stage ${stage}`, ...props });
    const pipeline = new Pipeline(this, 'Shop', {
      stage,
      alarms: { email: alarmEmail },
      heardElsewhere: [OrderShipped],
    });

    const checkout = pipeline.consumer('checkout', {
      on: [PlaceOrder],
      publishes: [OrderPlaced],
    });
    pipeline.consumer('payments', {
      on: [OrderPlaced, StockShort, OrderCancelled],
      publishes: [PaymentCaptured, PaymentDeclined, PaymentRefunded],
      sends: [PostToLedger],
      ...UNHURRIED,
    });
    pipeline.consumer('inventory', {
      on: [OrderPlaced, OrderCancelled],
      publishes: [StockReserved, StockShort],
      ...UNHURRIED,
    });
    const shipping = pipeline.consumer('shipping', {
      on: [PaymentCaptured, PaymentDeclined, PaymentRefunded, StockReserved, StockShort, ShipmentDue],
      publishes: [OrderShipped, OrderCancelled, ShipmentDue],
      sends: [PostToLedger],
      ...UNHURRIED,
      breaksCycle: 'It closes an order once, as shipped or cancelled, and says so once.',
    });
    pipeline.consumer('ledger', {
      on: [PostToLedger],
    });
    pipeline.consumer('notifications', {
      on: [OrderPlaced.where({ total: numeric('>=', usd(500)) })],
      stateless: true,
    });

    const api = pipeline.api('checkout', { accepts: [PlaceOrder] });
    api.get('/orders/{orderId}', { of: [checkout, shipping] });
  }
}

/** Nobody waits for a parcel by the second: fuller batches cost less. */
const UNHURRIED = { batchSize: 40, batchWindow: Duration.seconds(1) };
