import { Buffer } from 'node:buffer';
import type { Ambient } from '../ambient.ts';
import { MAX_ROW_BYTES } from '../consume/commit.ts';
import type { Store } from '../consume/store.ts';
import type { CloudEvent, MintOptions } from '../contract/cloudevent.ts';
import { derivedId, payloadHash, traceparentOf } from '../contract/ids.ts';
import type { Contract } from '../contract.ts';
import { refusal } from '../errors.ts';
import { Problem } from '../problem.ts';

/** One thing that a client wants to happen once. */
export interface Request {
  /** Name of the API. */
  api: string;
  client: string;
  /** The client's idempotency key, or the id of a webhook. */
  key: string;
  contract: Contract;
  data: unknown;
  /** W3C Trace Context. @default a new trace */
  traceparent?: string | undefined;
}

/**
 * The message of a request. Its id is derived from API, client and key: asking again gives the same message, and the keys of
 * other clients other messages. Throws EVT_*.
 */
export function messageOf({ api, client, key, contract, data, traceparent }: Request, ambient: Ambient) {
  const id = derivedId({
    consumer: api,
    key: JSON.stringify([client, key]),
    type: 'request',
    version: 0,
    ordinal: 0,
  });
  const goesOn = traceparent && TRACEPARENT.test(traceparent) ? traceparent : undefined;
  // An API takes contracts that can be minted only: the construct and `ingest` refuse any other.
  const minted = contract as unknown as (data: unknown, options: MintOptions, ambient: Ambient) => CloudEvent;
  return minted(data, { id, ...(goesOn && { traceparent: traceparentOf(id, id, goesOn) }) }, ambient);
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Accepts a message durably: the mark of the request and the outbox row of its message, in one transaction. The relay sends
 * the row. Returns whether it had been accepted before.
 * Throws IDEMPOTENCY_KEY_REUSED, IN_FLIGHT, EVT_TOO_LARGE, STORE_UNAVAILABLE.
 */
export async function accepted(
  message: CloudEvent,
  kind: 'events' | 'commands',
  store: Pick<Store, 'write'>,
  { now }: Pick<Ambient, 'now'>,
): Promise<'accepted' | 'repeated'> {
  const { id } = message;
  const hash = payloadHash(message.dataschema, message.data);
  const text = JSON.stringify([message]);
  const actual = Buffer.byteLength(text);
  if (actual > MAX_ROW_BYTES)
    throw refusal('EVT_TOO_LARGE', `the message has ${actual} bytes`, { limit: MAX_ROW_BYTES, actual });
  const row = { pk: `o#${id}`, kind, entries: [message], text, pending: 'now' as const, dueAt: now() };
  const [verdict] = await store.write([
    { mark: { id, hash, at: now() }, aggregates: [], outbox: [row], published: 0, sent: 0 },
  ]);
  switch (verdict!.kind) {
    case 'committed':
      return 'accepted';
    case 'marked':
      if (verdict!.hash === hash) return 'repeated';
      throw new Problem('IDEMPOTENCY_KEY_REUSED', 'this key was used for another request');
    case 'conflict':
    case 'again':
      throw new Problem('IN_FLIGHT', 'a request with this key is being accepted');
    case 'failed':
      throw verdict!.fault;
  }
}
