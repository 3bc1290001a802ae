import type { Ambient } from '../ambient.ts';
import { refusal } from '../errors.ts';
import { traceparentOf } from './ids.ts';
import { instantOf, timeOf } from './time.ts';

/** What travels: as `detail` through EventBridge, as the body through a command queue. https://github.com/cloudevents/spec */
export interface CloudEvent<Type extends string = string, Data = unknown> {
  specversion: '1.0';
  /** Minted once, before the first attempt to send it. (consumer, id) is what is never run twice. */
  id: string;
  /** Who says so: `shop.checkout`. */
  source: string;
  type: Type;
  /** When it was minted, RFC 3339. Business dates live in `data`. */
  time: string;
  /** What it is about, such as an order's id. */
  subject?: string;
  /** Names contract and version: `urn:spillway:order.placed:2`. */
  dataschema: string;
  datacontenttype: 'application/json';
  data: Data;
  /** The id of the message with which it all began. */
  correlationid: string;
  /** The id of the message that caused this one. */
  causationid?: string;
  /** W3C Trace Context. */
  traceparent: string;
  /** The version of the aggregate that published it: later is larger, for one aggregate. */
  sequence?: number;
  /** How many consumers it has come through. */
  hops: number;
  /** The types that it came through most lately, oldest first, space between: only once `hops` is beyond 8. */
  trail?: string;
  /** Commands only: those with the same value are executed one after another (the CloudEvents partitioning extension). */
  partitionkey?: string;
  /** Who gets the reply: the name of a consumer, or the URL of a process's reply queue. */
  replyto?: string;
}

/** What a caller may say about a message besides its data. */
export interface MintOptions {
  /** @default a new id */
  id?: string;
  /** @default the contract's source */
  source?: string;
  /** RFC 3339. @default now */
  time?: string;
  /** @default none; what a consumer publishes is about its aggregate's key */
  subject?: string;
  /** @default the id of this message */
  correlationid?: string;
  /** @default none */
  causationid?: string;
  /** @default derived from the correlation id */
  traceparent?: string;
  /** The consumer that gets the reply. @default a reply is not wanted */
  replyto?: string;
}

/** What a contract knows of every message that it mints. */
export interface Kind<Type extends string> {
  type: Type;
  source: string;
  version: number;
}

export function mint<Type extends string, Data>(
  { type, version, source: ownSource }: Kind<Type>,
  data: Data,
  options: MintOptions,
  { newId, now }: Pick<Ambient, 'newId' | 'now'>,
): CloudEvent<Type, Data> {
  const { id = newId(), source = ownSource, time = timeOf(now()), subject } = options;
  const {
    correlationid = id,
    causationid,
    traceparent = traceparentOf(correlationid, id),
    replyto,
  } = options;
  if (options.id !== undefined) checkId(id);
  if (options.time !== undefined) instantOf(time);
  if (options.source !== undefined) checkSource(source);
  return {
    specversion: '1.0',
    id,
    source,
    type,
    time,
    ...(subject === undefined ? {} : { subject }),
    dataschema: dataschemaOf(type, version),
    datacontenttype: 'application/json',
    data,
    correlationid,
    ...(causationid === undefined ? {} : { causationid }),
    traceparent,
    hops: 0,
    ...(replyto === undefined ? {} : { replyto }),
  };
}

export const dataschemaOf = (type: string, version: number): string => `urn:spillway:${type}:${version}`;

/** The version that a `dataschema` names, or undefined when it is not one of ours. */
export const versionOf = (type: string, dataschema: string): number | undefined => {
  const prefix = `urn:spillway:${type}:`;
  const version = dataschema.startsWith(prefix) ? Number(dataschema.slice(prefix.length)) : NaN;
  return Number.isInteger(version) && version > 0 ? version : undefined;
};

/** Throws EVT_BAD_ID: ids become keys, deduplication ids and log fields, so they are kept plain. */
export function checkId(id: string): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(id))
    throw refusal('EVT_BAD_ID', 'the id is empty, too long or has characters beyond visible ASCII', {
      path: 'id',
      limit: 128,
      actual: id.length,
    });
}

/** Throws EVT_RESERVED_SOURCE, EVT_BAD_SOURCE. */
export function checkSource(source: string): void {
  if (/^aws\./i.test(source))
    throw refusal('EVT_RESERVED_SOURCE', 'the source starts with "aws."', { path: 'source' });
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/.test(source))
    throw refusal('EVT_BAD_SOURCE', 'the source is empty, too long or has other characters', {
      path: 'source',
      limit: 256,
      actual: source.length,
    });
}

/** Throws EVT_BAD_TYPE. */
export function checkType(type: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(type))
    throw refusal('EVT_BAD_TYPE', 'the type is empty, too long or has other characters', {
      path: 'type',
      limit: 128,
      actual: type.length,
    });
}
