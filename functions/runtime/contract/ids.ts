import { hash } from 'node:crypto';

/**
 * The id of what a decision publishes or sends: the same decision, made again, gives the same id. `version` is the
 * aggregate's after the decision, `ordinal` the place among the messages of that decision.
 */
export const derivedId = (from: {
  consumer: string;
  key: string;
  type: string;
  version: number;
  ordinal: number;
}): string => uuidOf(digest([from.consumer, from.key, from.type, from.version, from.ordinal]));

/** What two deliveries of one message have in common: the contract's version and the data, not the envelope around it. */
export const payloadHash = (dataschema: string, data: unknown): string =>
  shortHash(`${dataschema}\n${JSON.stringify(data)}`);

/** 132 bits of a hash, as 22 characters of A-Z a-z 0-9 - _. */
export const shortHash = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** `traceparent` of W3C Trace Context for a message: the trace goes on, the message is the parent of what it causes. */
export const traceparentOf = (correlationid: string, id: string, from?: string): string =>
  `00-${from?.slice(3, 35) ?? hexOf(correlationid)}-${hexOf(id).slice(0, 16)}-01`;

/** The digits of a UUID; of any other id, a hash. */
const hexOf = (id: string): string => (UUID.test(id) ? id.replaceAll('-', '') : digest([id]).slice(0, 32));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The part of a `traceparent` that all messages of a trace share: 32 digits. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

/** The same trace as X-Ray writes it, for `AWSTraceHeader`. */
export const traceHeaderOf = (traceparent: string): string =>
  `Root=1-${traceparent.slice(3, 11)}-${traceparent.slice(11, 35)};Parent=${traceparent.slice(36, 52)};Sampled=1`;

const digest = (parts: readonly (string | number)[]): string => hash('sha256', JSON.stringify(parts));

/** 128 bits of a hash as a UUID of version 8 (RFC 9562: custom). */
const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${'89ab'[parseInt(hex[16]!, 16) & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
