/** The library under every handler: contracts, consumers, producers, the relay, and the unit harness. */
export type { Ambient } from './ambient.ts';
export { ambient } from './ambient.ts';
export * from './contract.ts';
export { contractOf } from './contract/catalogue.ts';
export type { CloudEvent, MintOptions } from './contract/cloudevent.ts';
export type { JsonSchema, Shape } from './contract/schema.ts';
export {
  anythingBut,
  cidr,
  equalsIgnoreCase,
  exists,
  numeric,
  prefix,
  suffix,
  wildcard,
  type EventPattern,
  type Where,
} from './contract/where.ts';
export { consume, type Collaborators, type Consumer } from './consume.ts';
export { REASON, type Reason } from './consume/dead-letter.ts';
export type {
  After,
  ByKey,
  ByKeys,
  Call,
  Decision,
  Effect,
  Moment,
  Stateless,
  WithEffect,
} from './consume/definition.ts';
export { deadLetterOf, folded, type DeadLetter, type Folded, type Origin } from './dead-letters.ts';
export { deliver, type Delivered } from './deliver.ts';
export { Fault, Permanent, Unavailable, HINTS, type Code, type FaultDetails } from './errors.ts';
export { ingest, type ApiHandler, type IngestCollaborators } from './ingest.ts';
export { publish, send, type PublishOptions, type SendOptions } from './publish.ts';
export { PublishError, type Unsent } from './publish/failures.ts';
export { relay, type RelayCollaborators, type RelayEvent, type RelayHandler } from './relay.ts';
export { requester, type Requester, type RequesterOptions, type RequestOptions } from './request.ts';
export { view, type View } from './view.ts';
