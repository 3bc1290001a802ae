/** Spillway's commit and relay: what each customer has ordered, and an event for each order. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import { ambient } from '../../functions/runtime/ambient.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { event } from '../../functions/runtime/contract.ts';
import { relay } from '../../functions/runtime/relay.ts';
import { OrderPlaced } from '../consumer/contract.ts';

/** `powertools.mjs` says the same. */
const OrderCounted = event('order.counted', {
  source: 'bench.customers',
  data: {
    orderId: z.string(),
    customerId: z.string(),
    orders: z.int(),
    total: z.int(),
    countedAt: z.string(),
  },
});

export function spillway(clients: { dynamodb: DynamoDBClient; eventbridge: EventBridgeClient }) {
  const collaborators = {
    ...clients,
    ambient: {
      ...ambient,
      write: () => {},
      env: {
        SPILLWAY_CONSUMER: 'customers',
        SPILLWAY_TABLE: 'customers',
        SPILLWAY_BUS: 'bench',
        SPILLWAY_TABLES: '{"customers":"customers"}',
      },
    },
  };
  return {
    consumer: consume(
      [OrderPlaced],
      {
        key: ({ data }) => data.customerId,
        decide(before: { orders: number; total: number } | undefined, { data }, { now }) {
          const state = { orders: (before?.orders ?? 0) + 1, total: (before?.total ?? 0) + data.total };
          const { orderId, customerId } = data;
          return { state, publish: [OrderCounted({ orderId, customerId, ...state, countedAt: now })] };
        },
      },
      collaborators,
    ),
    relay: relay(collaborators),
  };
}
