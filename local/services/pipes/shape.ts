/** Input templates. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html */
import type { World } from '../../world.ts';
import { filling } from '../events/input.ts';
import { jsonPath } from '../events/path.ts';
import { readable, type QueueRecord } from '../lambda/mapping/sqs-record.ts';
import type { Pipe } from './pipe.ts';

/** Makes of an event what the enrichment or the target is sent. Without a template that is the event as it came. */
export function shaping(world: World, pipe: Pipe, template: string | undefined): (event: unknown) => string {
  if (!template) return (event) => JSON.stringify(event);
  const fill = filling(template);
  const alone = /^<([^<>\s"]+)>$/.exec(template.trim())?.[1];
  const fillAsText = filling(`"${template.trim()}"`);
  return (event) => {
    const parsed = readableEvent(event);
    const valueOf = (name: string) =>
      name.startsWith('$') ? jsonPath(name)?.(parsed) : VARIABLES[name]?.(pipe, event, parsed, world);
    // What a template that is one path selects loses its quotes, unless it is a text.
    const isObject = alone !== undefined && typeof valueOf(alone) === 'object';
    return (isObject ? fillAsText : fill)(valueOf);
  };
}

/** An event as paths see it: the body of a message is what it holds, where that is JSON. */
export const readableEvent = (event: unknown): unknown => (isMessage(event) ? readable(event) : event);

const isMessage = (event: unknown): event is QueueRecord =>
  (event as { eventSource?: unknown } | undefined)?.eventSource === 'aws:sqs' &&
  typeof (event as { body?: unknown }).body === 'string';

/** A parameter that is a path (`$.body.customer`) takes its value from the event. */
export function dynamic(value: string | undefined, event: unknown): string | undefined {
  if (!value?.startsWith('$.')) return value;
  const selected = jsonPath(value)?.(event);
  if (selected === undefined || selected === null) return undefined;
  return typeof selected === 'string' ? selected : JSON.stringify(selected);
}

const VARIABLES: Record<string, (pipe: Pipe, event: unknown, parsed: unknown, world: World) => unknown> = {
  'aws.pipes.pipe-arn': ({ arn }) => arn,
  'aws.pipes.pipe-name': ({ name }) => name,
  'aws.pipes.source-arn': ({ definition }) => definition.Source,
  'aws.pipes.enrichment-arn': ({ definition }) => definition.Enrichment,
  'aws.pipes.target-arn': ({ definition }) => definition.Target,
  'aws.pipes.event.ingestion-time': (_pipe, _event, _parsed, { clock }) =>
    new Date(clock.now()).toISOString(),
  'aws.pipes.event': (_pipe, event) => JSON.stringify(event),
  'aws.pipes.event.json': (_pipe, _event, parsed) => parsed,
};
