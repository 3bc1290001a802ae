import { Buffer } from 'node:buffer';
import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { Ambient } from '../ambient.ts';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { traceHeaderOf } from '../contract/ids.ts';
import { attempt } from './attempts.ts';
import type { Result } from './failures.ts';

/** Entries and bytes of one PutEvents. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_ENTRIES = 10;

/** AWS takes 1 MiB; what is kept back is room for the envelope that the event gets on its way. */
export const MAX_BYTES = 1_000_000;

export interface PutEvents {
  bus: string;
  eventbridge: Pick<EventBridgeClient, 'send'>;
  budgetMs: number;
  ambient: Ambient;
}

/** Puts events on the bus. A result for each, in order. */
export function putEvents(
  events: readonly CloudEvent[],
  { bus, eventbridge, budgetMs, ambient }: PutEvents,
): Promise<Result[]> {
  return attempt(
    events.map((event) => entryOf(event, bus)),
    {
      count: MAX_ENTRIES,
      bytes: MAX_BYTES,
      sizeOf: entryBytes,
      until: ambient.now() + budgetMs,
      ambient,
      async call(Entries) {
        const { Entries: answers = [] } = await eventbridge.send(new PutEventsCommand({ Entries }));
        return Entries.map((_, i) => answers[i]?.ErrorCode);
      },
    },
  );
}

/** The event travels whole in `detail`. EventBridge's own time is when it was received, so an archive knows when it got what. */
export const entryOf = (event: CloudEvent, bus: string): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: event.source,
  DetailType: event.type,
  Detail: JSON.stringify(event),
  TraceHeader: traceHeaderOf(event.traceparent),
});

/** As EventBridge counts. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export const entryBytes = ({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): number =>
  (Time ? 14 : 0) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
