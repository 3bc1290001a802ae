/** Events coming in. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalid, isEncrypted, type Bus, type Buses } from './bus.ts';
import type { BusKeys } from './encryption.ts';
import { compact, sealed, type Envelope } from './event.ts';
import { parseExactly } from './pattern/numbers.ts';

type Entry = EventBridge.PutEventsRequestEntry;
type Result = EventBridge.PutEventsResultEntry;

/** An event that one bus hands on to another keeps its envelope; only calls from within can carry it. */
export const FORWARDED = Symbol('forwarded');
export type Forwarded = Entry & { [FORWARDED]?: Envelope };

/** Bytes of all entries of one call. https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-eventbridge-increases-event-payload-size-256-kb-1-mb/ */
const MOST_BYTES = 1_048_576;

interface Ways {
  keys: BusKeys;
  /** Starts the deliveries of an event; the answer does not wait for them. */
  route(bus: Bus, event: Envelope): void;
  count(metric: string, value?: number): void;
}

type Output = Answer<EventBridge.PutEventsCommandOutput>;

export function putEvents(world: World, buses: Buses, { keys, route, count }: Ways) {
  /** Only buses with a key are waited for. */
  const enter = async (events: Accepted[], encrypted: Accepted[]) => {
    const refusals = await keys.refusals(new Set(encrypted.map(({ bus }) => bus)));
    for (const { bus, event } of events) {
      const refusal = isEncrypted(bus, event) ? refusals.get(bus) : undefined;
      if (refusal) await keys.end(bus, event, refusal);
      else route(bus, event);
    }
  };

  return ({ Entries = [] }: { Entries?: Forwarded[] }, call: Call): Output | Promise<Output> => {
    if (Entries.length > 10 || Entries.length === 0) throw tooMany(Entries);
    const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (bytes > MOST_BYTES) throw invalid('Total size of the entries in the request is over the limit.');
    count('PutEventsApproximateCallCount');
    count('PutEventsEntriesCount', Entries.length);
    count('PutEventsRequestSize', bytes);

    const accepted: { bus: Bus | undefined; event: Envelope }[] = [];
    const results = Entries.map((entry): Result => {
      const read = entry[FORWARDED] ?? envelopeOf(entry, call, world);
      if ('ErrorCode' in read) return read;
      const bus = entry[FORWARDED] ? buses.at(entry.EventBusName) : buses.find(entry.EventBusName);
      accepted.push({ bus, event: read });
      return { EventId: read.id };
    });
    const failed = results.length - accepted.length;
    if (failed > 0) count('PutEventsFailedEntriesCount', failed);
    const answer: Output = { FailedEntryCount: failed, Entries: results };
    const events = accepted.filter((one): one is Accepted => one.bus !== undefined);
    const encrypted = events.filter(({ bus, event }) => isEncrypted(bus, event));
    if (encrypted.length > 0) return enter(events, encrypted).then(() => answer);
    for (const { bus, event } of events) route(bus, event);
    return answer;
  };
}

interface Accepted {
  bus: Bus;
  event: Envelope;
}

function envelopeOf(entry: Entry, call: Call, { random, account, region }: World): Envelope | Failure {
  for (const member of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[member])
      return failure(
        'InvalidArgument',
        `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
      );
  const { Source = '', DetailType = '', Detail = '', Time, Resources = [], TraceHeader } = entry;
  if (Source.startsWith('aws.') && call.principal.kind !== 'service')
    return failure('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = objectIn(Detail);
  if (!detail) return failure('MalformedDetail', 'Detail is malformed.');
  const traceHeader = TraceHeader ?? call.headers['x-amzn-trace-id'];
  const now = call.now();
  return sealed(
    {
      id: random.uuid(),
      source: Source,
      detailType: DetailType,
      time: Math.floor((Time?.getTime() ?? now) / 1000) * 1000,
      resources: Resources,
      detail: compact(Detail),
      account,
      region,
      ingested: now,
      ...(traceHeader === undefined ? {} : { traceHeader }),
    },
    detail,
  );
}

type Failure = Required<Pick<Result, 'ErrorCode' | 'ErrorMessage'>>;
const failure = (ErrorCode: string, ErrorMessage: string): Failure => ({ ErrorCode, ErrorMessage });

function objectIn(json: string): object | undefined {
  try {
    const value = parseExactly(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && isWithinBounds(json) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers within ±2^63, 1,000 levels. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
function isWithinBounds(json: string): boolean {
  if (json.length < DEEPEST && !/\d{19}|\d[eE]\+?\d/.test(json)) return true;
  let depth = 0;
  for (const [part] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]|-?\d[\d.eE+-]*/g)) {
    if (part === '[' || part === '{') depth++;
    else if (part === ']' || part === '}') depth--;
    else if (!part.startsWith('"') && Math.abs(Number(part)) > 2 ** 63) return false;
    if (depth > DEEPEST) return false;
  }
  return true;
}

const DEEPEST = 1000;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  let bytes = Time ? 14 : 0;
  for (const text of [Source, DetailType, Detail, ...Resources]) bytes += Buffer.byteLength(text);
  return bytes;
}

function tooMany(entries: Entry[]) {
  const shown = entries.map(
    ({ Time, Source, Resources, DetailType, Detail, EventBusName, TraceHeader }) =>
      `PutEventsRequestEntry(time=${Time?.toISOString() ?? null}, source=${Source ?? null}, resources=${Resources ? `[${Resources.join(', ')}]` : null}, detailType=${DetailType ?? null}, detail=${Detail ?? null}, eventBusName=${EventBusName ?? null}, traceHeader=${TraceHeader ?? null}, kmsKeyIdentifier=null, internalMetadata=null)`,
  );
  const limit = entries.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10';
  return invalid(
    `1 validation error detected: Value '[${shown.join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length ${limit}`,
  );
}
