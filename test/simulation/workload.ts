/** What the shop is told in a run: orders, the same again, and what it has to refuse. */
import { PutEventsCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { amountOf } from '../../functions/checkout/decide.ts';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import type { Ambient } from '../../functions/runtime/ambient.ts';
import type { Data } from '../../functions/runtime/contract.ts';
import { send } from '../../functions/runtime/publish.ts';
import { PublishError } from '../../functions/runtime/publish/failures.ts';
import type { Local } from '../../local/index.ts';
import { seeded, type Random } from '../../local/random.ts';
import type { Discovered } from '../../operate/discovery.ts';

export type Placed = Data<typeof PlaceOrder>;

/** Something that is said, once or again. */
export interface Said {
  /**
   * - `order`: valid; its id may have been used before, for the same or another payload
   * - `sums`: an order that does not add up; `shape`: no order at all; `text`: no JSON
   * - `event`: an event that nobody can read; `stranger`: one that nobody listens to
   */
  kind: 'order' | 'sums' | 'shape' | 'text' | 'event' | 'stranger';
  id: string;
  /** Its data; of `text` the body. */
  data: unknown;
  /** Milliseconds from the start of the run. */
  at: number;
  /** `indeterminate`: the answer was lost. @default not said yet */
  outcome?: 'accepted' | 'rejected' | 'indeterminate';
}

export const accepted = ({ outcome }: Said): boolean => outcome === 'accepted';

/** It may have been accepted. */
export const possible = ({ outcome }: Said): boolean => outcome !== 'rejected';

/** Occurs in what is personal, and must never be seen in a log or a reason. */
export const CANARY = 'canary-7e57';

const KINDS: readonly Said['kind'][] = ['sums', 'shape', 'text', 'event', 'stranger'];

/** Orders so close overtake each other where anything is slow, and do not share every batch. */
const HURRY_MS = 10_000;

/** A list of things to say within `ms`. */
export function workload(seed: number, ms: number): Said[] {
  const random = seeded(seed);
  const all: Said[] = [];
  const orders: (Said & { data: Placed })[] = [];
  const count = random.integer(3, 6);
  const within = one([0, HURRY_MS, ms], random);
  const from = random.integer(0, ms - within);
  for (let i = 0; i < count; i++) {
    const at = from + random.integer(0, within);
    const order = { kind: 'order' as const, id: `order-${i}`, data: orderOf(`O-${i}`, random), at };
    orders.push(order);
    all.push(order);
  }
  for (let i = random.integer(1, 4); i > 0; i--) {
    const { id, data } = one(orders, random);
    const { orderId } = data;
    const at = random.integer(0, ms);
    const what = random.integer(0, 2);
    if (what === 0) all.push({ kind: 'order', id, data, at });
    else if (what === 1) all.push({ kind: 'order', id, data: orderOf(orderId, random), at });
    else all.push({ kind: 'order', id: `again-${i}`, data: orderOf(orderId, random), at });
  }
  for (let i = random.integer(1, 4); i > 0; i--) {
    const kind = one(KINDS, random);
    all.push({ kind, id: `${kind}-${i}`, data: wrong(kind, i, random), at: random.integer(0, ms) });
  }
  return all.toSorted((a, b) => a.at - b.at);
}

export const one = <T>(all: readonly T[], random: Random): T => all[random.integer(0, all.length - 1)]!;

/** One in five wants what is out of stock, some are too dear to be paid. */
function orderOf(orderId: string, random: Random): Placed {
  const lines = Array.from({ length: random.integer(1, 3) }, () => {
    const discount = 10 * random.integer(0, 4);
    const quantity = random.integer(1, 5);
    const unitPrice = 100 * random.integer(1, random.next() < 0.1 ? 10_000_000 : 500_000);
    const productId = random.next() < 0.1 ? 'P-13' : `P-${random.integer(1, 4)}`;
    return { productId, name: CANARY, quantity, unitPrice, discount };
  }).map((line) => ({ ...line, amount: amountOf(line) }));
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  if (total > 5_000_000_000) return orderOf(orderId, random);
  const customerId = `C-${random.integer(1, 3)}`;
  return { orderId, customerId, customerName: CANARY, placedOn: '2030-01-01', lines, total };
}

function wrong(kind: Said['kind'], i: number, random: Random): unknown {
  const order = orderOf(`X-${kind}-${i}`, random);
  switch (kind) {
    case 'sums':
      return { ...order, total: order.total + 1 };
    case 'text':
      return `{"${CANARY}": ${i}`;
    case 'stranger':
      return { i };
    default:
      return { ...order, customerId: 0, total: CANARY };
  }
}

/** Says it, and notes what came of it. */
export async function say(said: Said, local: Local, { bus, commands }: Discovered): Promise<void> {
  const { clock, random } = local.world;
  const ambient: Ambient = {
    now: clock.now,
    after: (ms, run) => clock.after(ms, run).cancel,
    random: random.next,
    newId: random.uuid,
    write() {},
    env: {},
  };
  const { queueUrl } = commands['order.place']!;
  const time = new Date(clock.now()).toISOString();
  const sqs = local.client(SQSClient);
  const tell = async () => {
    if (said.kind === 'event' || said.kind === 'stranger') return publishRaw(said, local, bus, time);
    if (said.kind !== 'order' && said.kind !== 'sums') return sendRaw(said, sqs, queueUrl, time);
    const command = PlaceOrder(said.data as Placed, { id: said.id, time });
    return send([command], { sqs, ambient, queues: { 'order.place': queueUrl } });
  };
  said.outcome = await tell().then(
    () => 'accepted',
    (error) =>
      error instanceof PublishError && error.indeterminate.length === 0 ? 'rejected' : 'indeterminate',
  );
}

const envelope = ({ id, data }: Said, type: string, version: number, time: string) => {
  const dataschema = `urn:spillway:${type}:${version}`;
  return { specversion: '1.0', id, source: 'shop.simulation', type, time, dataschema, data };
};

async function sendRaw(said: Said, sqs: SQSClient, QueueUrl: string, time: string): Promise<void> {
  const body = said.kind === 'text' ? said.data : JSON.stringify(envelope(said, 'order.place', 1, time));
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body as string,
      MessageGroupId: 'C-1',
      MessageDeduplicationId: said.id,
    }),
  );
}

async function publishRaw(said: Said, local: Local, EventBusName: string, time: string): Promise<void> {
  const [DetailType, Source] =
    said.kind === 'event' ? ['order.placed', 'shop.checkout'] : ['nobody.listens', 'shop.nobody'];
  const Detail = JSON.stringify(envelope(said, DetailType, 2, time));
  const { FailedEntryCount } = await local
    .client(EventBridgeClient)
    .send(new PutEventsCommand({ Entries: [{ EventBusName, Source, DetailType, Detail }] }));
  if (FailedEntryCount) throw new PublishError([{ index: 0, id: said.id, code: 'failed' }], [], 1);
}
