/** The consumer that is measured, on Spillway: what each customer has ordered, each order once. */
import { consume, type Collaborators } from '../../functions/runtime/consume.ts';
import { OrderPlaced } from './contract.ts';
import { memoryTable } from './memory-table.ts';

interface Customer {
  orders: number;
  total: number;
}

const consumer = (collaborators?: Collaborators) =>
  consume(
    [OrderPlaced],
    {
      key: ({ data }) => data.customerId,
      decide: ({ orders, total }: Customer = { orders: 0, total: 0 }, { data }) => ({
        state: { orders: orders + 1, total: total + data.total },
      }),
    },
    collaborators,
  );

/** As it is deployed. */
export const handler = consumer();

/** With a table in memory; `total` is what all customers together have ordered. */
export function inMemory() {
  const table = memoryTable();
  return {
    handler: consumer({
      dynamodb: table,
      ambient: {
        now: Date.now,
        after: () => () => {},
        random: Math.random,
        newId: () => crypto.randomUUID(),
        write: () => {},
        env: process.env,
      },
    }),
    total: () =>
      table
        .items('a#')
        .map(({ state }) => (JSON.parse(state!.S!) as Customer).total)
        .reduce((sum, total) => sum + total, 0),
  };
}
