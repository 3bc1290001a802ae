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
    const pipeline = new Pipeline(this, 'Shop', { stage, alarms: { email: alarmEmail } });

    pipeline.consumer('checkout', {
      on: [PlaceOrder],
      publishes: [OrderPlaced],
    });
    pipeline.consumer('payments', {
      on: [OrderPlaced, OrderCancelled],
      publishes: [PaymentCaptured, PaymentDeclined, PaymentRefunded],
      sends: [PostToLedger],
    });
    pipeline.consumer('inventory', {
      on: [OrderPlaced, OrderCancelled],
      publishes: [StockReserved, StockShort],
    });
    pipeline.consumer('shipping', {
      on: [PaymentCaptured, PaymentDeclined, StockReserved, StockShort, ShipmentDue],
      publishes: [OrderShipped, OrderCancelled, ShipmentDue],
      sends: [PostToLedger],
      breaksCycle: 'An order is closed once: shipped or cancelled, whatever arrives afterwards.',
    });
    pipeline.consumer('ledger', {
      on: [PostToLedger],
    });
    pipeline.consumer('notifications', {
      on: [
        OrderPlaced.where({ total: numeric('>=', usd(500)) }),
        OrderShipped,
        OrderCancelled,
        PaymentRefunded,
      ],
      stateless: true,
      tolerates: Duration.hours(1),
    });
  }
}
