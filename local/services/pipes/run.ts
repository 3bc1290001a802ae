/** What a pipe does with a batch. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html */
import type { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { isRetriable } from '../events/failures.ts';
import type { Result } from '../lambda/mapping/mapping.ts';
import { calling, invoked, type Caller } from './call.ts';
import type { Pipe } from './pipe.ts';
import { readableEvent, shaping } from './shape.ts';
import { kindOf } from './targets.ts';

/**
 * Enriches, shapes and sends records. What the customer's side does wrong is a failure that counts; what may pass by
 * itself throws, and does not count.
 */
export function runnerOf(world: World, pipe: Pipe): (records: object[]) => Promise<Result> {
  const { Target, Enrichment } = pipe.definition;
  const call = calling(world, pipe);
  const enrich = Enrichment ? enriching(world, pipe, Enrichment, call) : async (records: object[]) => records;
  const shape = shaping(world, pipe, pipe.definition.TargetParameters?.InputTemplate);
  const send = kindOf(Target)!.send(world, pipe, call);

  return async (records) => {
    try {
      const events = await enrich(records);
      const items = events.map((event) => ({
        id: idOf(event),
        event: readableEvent(event),
        text: shape(event),
      }));
      const failed = items.length > 0 ? await send(items) : [];
      return {
        failed: false,
        payload: JSON.stringify({ batchItemFailures: asSourceNames(failed, records) }),
      };
    } catch (error) {
      if (isRetriable(error)) throw error;
      world.activity.tell({ kind: 'retry', pipe: pipe.arn, target: Target, error: (error as AwsError).code });
      return { failed: true, payload: '{}' };
    }
  };
}

/** A function is given the whole batch, and answers what goes on: a list, one event, or nothing. */
function enriching(world: World, pipe: Pipe, FunctionName: string, call: Caller) {
  const shape = shaping(world, pipe, pipe.definition.EnrichmentParameters?.InputTemplate);
  return async (records: object[]): Promise<unknown[]> => {
    const answer = await invoked(call, FunctionName, `[${records.map(shape).join(',')}]`);
    if (Array.isArray(answer)) return answer as unknown[];
    const isEmpty = !answer || (typeof answer === 'object' && Object.keys(answer).length === 0);
    return isEmpty ? [] : [answer];
  };
}

/** By what a target tells that an event failed: `messageId` of a queue's, `eventID` of a stream's. */
function idOf(event: unknown): string {
  const { messageId, eventID } = (event ?? {}) as { messageId?: string; eventID?: string };
  return messageId ?? eventID ?? '';
}

/** Streams are read on by sequence number. */
function asSourceNames(failed: string[], records: object[]): { itemIdentifier: string }[] {
  const numbers = new Map(
    (records as { eventID?: string; dynamodb?: { SequenceNumber?: string } }[]).map((record) => [
      record.eventID,
      record.dynamodb?.SequenceNumber,
    ]),
  );
  return failed.map((id) => ({ itemIdentifier: numbers.get(id) ?? id }));
}
