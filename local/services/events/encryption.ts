/**
 * Buses that are encrypted with a customer's key. EventBridge asks it in its own name; what it may not encrypt goes to
 * the dead-letter queue of the bus, and is lost where there is none. Events of AWS services are not concerned.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
import { administrator, servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { dataKeys } from '../kms/data-keys.ts';
import { invalid, type Bus } from './bus.ts';
import { queueUrl } from './calls.ts';
import type { Envelope } from './event.ts';
import { errorCodeOf, isRetriable } from './failures.ts';

export interface BusKeys {
  /**
   * Why events may not enter those buses, by bus. Rejects when that may pass: then nothing has entered, and the sender
   * tries again.
   */
  refusals(buses: Set<Bus>): Promise<Map<Bus, Error>>;
  /** What becomes of an event that may not enter; never fails. */
  end(bus: Bus, event: Envelope, refusal: Error): Promise<void>;
}

export function busKeys(world: World): BusKeys {
  const keys = dataKeys(world, undefined, {});
  const as = ({ arn }: Bus) => servicePrincipal(world.account, 'events.amazonaws.com', arn);
  return {
    async refusals(buses) {
      const refusals = new Map<Bus, Error>();
      for (const bus of buses)
        try {
          const context = { 'aws:events:event-bus:arn': bus.arn };
          await keys.seal({ key: bus.options.KmsKeyIdentifier!, context, reuseMs: 0 }, as(bus));
        } catch (error) {
          if (isRetriable(error)) throw error;
          refusals.set(bus, error as Error);
        }
      return refusals;
    },

    async end(bus, event, refusal) {
      const queue = bus.options.DeadLetterConfig?.Arn;
      const told = { bus: bus.arn, event: event.id, error: errorCodeOf(refusal) };
      world.activity.tell({ kind: queue === undefined ? 'dropped' : 'dead-letter', ...told });
      if (queue === undefined) return;
      try {
        await world.call(as(bus), 'sqs', 'SendMessage', {
          QueueUrl: queueUrl(world.endpoint(), queue),
          MessageBody: event.text,
          MessageAttributes: {
            ERROR_CODE: { DataType: 'String', StringValue: told.error },
            ERROR_MESSAGE: { DataType: 'String', StringValue: refusal.message },
          },
        });
      } catch (error) {
        world.activity.tell({ kind: 'dropped', ...told, deadLetterError: errorCodeOf(error) });
      }
    },
  };
}

/** Throws for a key that is not there. */
export async function checkBusKey(world: World, KeyId: string | undefined): Promise<void> {
  if (!KeyId) return;
  try {
    await world.call(administrator(world.account), 'kms', 'DescribeKey', { KeyId });
  } catch (error) {
    throw invalid(`Parameter KmsKeyIdentifier is not valid. Reason: ${(error as Error).message}`);
  }
}
