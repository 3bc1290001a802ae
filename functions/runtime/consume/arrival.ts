import type { SQSRecord } from 'aws-lambda';
import { checkId, versionOf, type CloudEvent } from '../contract/cloudevent.ts';
import { payloadHash, traceparentOf } from '../contract/ids.ts';
import { checkDepth, checkJson } from '../contract/json.ts';
import { instantOf } from '../contract/time.ts';
import type { Contract, ExternalContract, Route } from '../contract.ts';
import { refusal, type Fault, type Permanent } from '../errors.ts';

/** A message that was read, brought up to the reader's version and checked. */
export interface Message {
  event: CloudEvent;
  contract: Contract;
  /** Of what was received, so that two deliveries compare equal whatever reads them. */
  hash: string;
}

/** Consumers that a message may come through before it counts as a loop. */
export const MAX_HOPS = 16;

/**
 * The CloudEvent of a record, its data still as received: an event comes in EventBridge's envelope, a command as it is.
 * Throws BODY_NOT_JSON, ENVELOPE_INVALID, UNTRUSTED_ORIGIN, EVT_TOO_DEEP.
 */
export function openRecord(
  { body, eventSourceARN }: Pick<SQSRecord, 'body' | 'eventSourceARN'>,
  on: readonly Route[],
): CloudEvent {
  checkDepth(body);
  const parsed = parse(body);
  if (!isObject(parsed)) throw invalid('the body is no object');
  const enveloped = isObject(parsed.detail) && typeof parsed['detail-type'] === 'string';
  if (enveloped) checkOrigin(parsed, eventSourceARN);
  const foreign = enveloped ? externalFor(parsed, on) : undefined;
  return checkedEvent(foreign ? adopted(parsed, foreign) : enveloped ? parsed.detail : parsed);
}

/** Reads the data as the consumer wants it. Throws UNEXPECTED_TYPE, UNKNOWN_VERSION (tried again), LOOP, EVT_*. */
export function readMessage(event: CloudEvent, on: readonly Route[]): Message {
  const contract = on.find(({ contract: { type } }) => type === event.type)?.contract;
  if (!contract) throw refusal('UNEXPECTED_TYPE', `${event.type} is not among what this consumer listens to`);
  const version = versionOf(event.type, event.dataschema);
  if (version === undefined) throw invalid('dataschema does not name a version of this type', 'dataschema');
  if (event.hops > MAX_HOPS) throw looping(event);
  checkJson(event.data);
  const hash = payloadHash(event.dataschema, event.data);
  return { event: { ...event, data: contract.read(version, event.data) }, contract, hash };
}

/**
 * Where marks expire, an old event may have been handled and forgotten: it counts as a duplicate if its mark is still
 * there, and is never run. Throws EXPIRED.
 */
export function checkAge({ time }: CloudEvent, expireAfter: number | undefined, now: number): void {
  if (expireAfter === undefined || Date.parse(time) + expireAfter > now) return;
  throw refusal('EXPIRED', 'it is older than the marks of what was handled are kept', {
    path: 'time',
    limit: new Date(now - expireAfter).toISOString(),
    actual: time,
  });
}

const looping = ({ type, hops, trail = '' }: CloudEvent): Permanent =>
  refusal(
    'LOOP',
    `more than ${MAX_HOPS} consumers, lately: ${[...trail.split(' ').filter(Boolean), type].join(' → ')}`,
    { limit: MAX_HOPS, actual: hops },
  );

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw refusal('BODY_NOT_JSON', 'the body is not JSON', { actual: `${body.length} characters` });
  }
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The envelope's account and region must be the queue's: `arn:aws:sqs:REGION:ACCOUNT:NAME`. */
function checkOrigin({ account, region }: Fields, queueArn: string): void {
  const [, , , ownRegion, ownAccount] = queueArn.split(':');
  if (account !== ownAccount || region !== ownRegion)
    throw refusal('UNTRUSTED_ORIGIN', 'the event is of another account or region than the queue');
}

const externalFor = (envelope: Fields, on: readonly Route[]): ExternalContract<string, never> | undefined =>
  on
    .map(({ contract }) => contract)
    .find(
      (contract): contract is ExternalContract<string, never> =>
        contract.kind === 'external' &&
        contract.source === envelope.source &&
        contract.type === envelope['detail-type'],
    );

/** An event of others as if it were a CloudEvent. */
function adopted({ source, time, detail }: Fields, contract: ExternalContract<string, never>): Fields {
  const id = contract.idOf(contract.read(contract.version, detail));
  const dataschema = `urn:spillway:${contract.type}:${contract.version}`;
  return { specversion: '1.0', id, source, type: contract.type, time, dataschema, data: detail };
}

/** Extensions may be missing, as from other CloudEvents producers; the rest may not. */
export function checkedEvent(received: unknown): CloudEvent {
  if (!isObject(received)) throw invalid('there is no CloudEvent');
  const { specversion, id, time, data, correlationid = id, traceparent, hops = 0, sequence } = received;
  if (specversion !== '1.0') throw invalid('specversion is not 1.0', 'specversion');
  for (const name of REQUIRED)
    if (typeof received[name] !== 'string') throw invalid(`${name} is missing`, name);
  for (const name of OPTIONAL)
    if (received[name] !== undefined && typeof received[name] !== 'string')
      throw invalid(`${name} is no text`, name);
  if (!Number.isInteger(hops) || (hops as number) < 0) throw invalid('hops is no count', 'hops');
  if (sequence !== undefined && !Number.isInteger(sequence))
    throw invalid('sequence is no whole number', 'sequence');
  if (!isObject(data)) throw invalid('data is no object', 'data');
  try {
    checkId(id as string);
    instantOf(time);
  } catch (fault) {
    throw invalid((fault as Fault).message, (fault as Fault).path);
  }
  const usable =
    typeof traceparent === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent);
  const trace = usable ? traceparent : traceparentOf(correlationid as string, id as string);
  return {
    ...(received as unknown as CloudEvent),
    correlationid: correlationid as string,
    hops: hops as number,
    traceparent: trace,
  };
}

const REQUIRED = ['id', 'source', 'type', 'dataschema'];
const OPTIONAL = [
  'correlationid',
  'subject',
  'causationid',
  'traceparent',
  'trail',
  'partitionkey',
  'replyto',
];

const invalid = (message: string, path?: string): Permanent =>
  refusal('ENVELOPE_INVALID', message, path === undefined ? {} : { path });
