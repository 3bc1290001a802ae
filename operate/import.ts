import { SQSClient } from '@aws-sdk/client-sqs';
import type { CloudEvent } from '../functions/runtime/contract/cloudevent.ts';
import { send } from '../functions/runtime/publish.ts';
import { Fault } from '../functions/runtime/errors.ts';
import type { Aws } from './aws.ts';
import { messagesUnderWay } from './backlog.ts';
import type { Discovered } from './discovery.ts';
import { OperateError } from './errors.ts';
import { placeOrder } from './orders/place.ts';
import { readOrders, type Order, type Refusal } from './orders/read.ts';

export interface ImportOptions {
  /** A file like superstore.csv. */
  file: string;
  /** Takes the first orders only. @default all */
  limit?: number | undefined;
  /** Told after every call how many orders were sent. @default nobody */
  onSent?: (sent: number) => void;
}

export interface Imported {
  /** Orders that were read, refused ones included. */
  orders: number;
  accepted: number;
  refused: Refusal[];
}

/**
 * Sends the orders of a file as PlaceOrder commands; resolves when the queue has taken the last. It stays only a little
 * ahead of the consumers, so that the pipeline is always busy and no order waits behind the whole file.
 */
export async function importOrders(
  aws: Aws,
  discovered: Discovered,
  { file, limit = Infinity, onSent = () => {} }: ImportOptions,
): Promise<Imported> {
  const { queueUrl } = discovered.commands['order.place'] ?? missing();
  const imported: Imported = { orders: 0, accepted: 0, refused: [] };
  let waiting: CloudEvent[] = [];
  let room = 0;
  const flush = async () => {
    if (waiting.length === 0) return;
    if (room < waiting.length) room = await roomToSend(waiting.length, aws, discovered);
    room -= waiting.length;
    await send(waiting, { queues: { 'order.place': queueUrl }, sqs: aws(SQSClient), budgetMs: 60_000 });
    imported.accepted += waiting.length;
    waiting = [];
    onSent(imported.accepted);
  };

  for await (const read of readOrders(file)) {
    imported.orders++;
    if ('refused' in read) imported.refused.push(read.refused);
    else waiting.push(...commandOf(read, imported));
    if (waiting.length >= AT_ONCE) await flush();
    if (imported.orders >= limit) break;
  }
  await flush();
  return imported;
}

/** Commands to one call of `send`. */
const AT_ONCE = 100;

/** Messages in all outboxes and queues together from which the import waits, and for how long, in milliseconds. */
const ENOUGH_UNDER_WAY = 2000;
const PAUSE = 500;

/** About so many messages does one order become on its way. */
const MESSAGES_OF_AN_ORDER = 5;

/** How many orders may be sent now: at least `wanted`, once the pipeline has come to them. */
async function roomToSend(wanted: number, aws: Aws, discovered: Discovered): Promise<number> {
  for (;;) {
    const room = (ENOUGH_UNDER_WAY - (await messagesUnderWay(aws, discovered))) / MESSAGES_OF_AN_ORDER;
    if (room >= wanted) return room;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** None where the contract refuses the order; the file's own rules are stricter, so that is rare. */
function commandOf({ order, line }: { order: Order; line: number }, { refused }: Imported): CloudEvent[] {
  try {
    return [placeOrder(order)];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    refused.push({ orderId: order.orderId, line, reason: `${error.code}: ${error.message}` });
    return [];
  }
}

const missing = (): never => {
  throw new OperateError('NOT_DEPLOYED', 'The deployed pipeline takes no "order.place"');
};
