/**
 * `consume([A, B], { key, decide })` is a Lambda handler for SQS batches: a pure decision over one aggregate (or several),
 * around which everything else is done once and for all.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ambient as production, type Ambient } from './ambient.ts';
import { clientSettings, onDemand } from './client.ts';
import type { CloudEvent } from './contract/cloudevent.ts';
import type { MessageOf, Route } from './contract.ts';
import { attemptsOf, noteBeginnings, refuseUnended } from './consume/attempts.ts';
import { openRecord, readMessage, type Message } from './consume/arrival.ts';
import { breakerOf, type Breaker } from './consume/breaker.ts';
import { deadLetter, type DeadLetters } from './consume/dead-letter.ts';
import { definitionOf } from './consume/definition-of.ts';
import type { ByKey, ByKeys, Definition, Rules, Stateless, WithEffect } from './consume/definition.ts';
import { perform } from './consume/effects.ts';
import { giveBack } from './consume/give-back.ts';
import { goesBack, type Arrival } from './consume/outcome.ts';
import { report } from './consume/report.ts';
import { runRound } from './consume/round.ts';
import { inRounds } from './consume/rounds.ts';
import { settingsOf, type Settings } from './consume/settings.ts';
import { runStateless } from './consume/stateless.ts';
import { tableStore, type Store } from './consume/store.ts';
import { faultOf, Permanent, Unavailable, type Fault } from './errors.ts';
import { log } from './log.ts';
import { PlainJson10 } from './plain-json.ts';

/** What a consumer works with. */
export interface Collaborators {
  /** @default a client of the function's region, made with the first batch */
  dynamodb?: Pick<DynamoDBClient, 'send'>;
  /** @default a client of the function's region, made with the first message that fails */
  sqs?: Pick<SQSClient, 'send'>;
  /** @default the process's */
  ambient?: Ambient;
}

/** What is needed of Lambda's context. */
type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

export interface Consumer {
  (batch: SQSEvent, context: Invocation): Promise<SQSBatchResponse>;
  /** What `deliver` runs. */
  readonly definition: Definition;
}

/** What is set by the environment: see `consume/settings.ts`. */
export function consume<const R extends readonly Route[], State>(
  on: R,
  rules: ByKey<MessageOf<R[number]>, State>,
  collaborators?: Collaborators,
): Consumer;
export function consume<const R extends readonly Route[], State>(
  on: R,
  rules: ByKeys<MessageOf<R[number]>, State>,
  collaborators?: Collaborators,
): Consumer;
export function consume<const R extends readonly Route[], State, Answer>(
  on: R,
  rules: WithEffect<MessageOf<R[number]>, State, Answer>,
  collaborators?: Collaborators,
): Consumer;
export function consume<const R extends readonly Route[]>(
  on: R,
  rules: Stateless<MessageOf<R[number]>>,
  collaborators?: Collaborators,
): Consumer;
export function consume(on: readonly Route[], rules: Rules, collaborators: Collaborators = {}): Consumer {
  const definition = definitionOf(on, rules);
  let parts: Parts | undefined;
  const handler = (batch: SQSEvent, context: Invocation) =>
    consumeBatch(batch, context, (parts ??= partsOf(definition, collaborators)));
  return Object.assign(handler, { definition });
}

/** What an instance keeps between invocations. */
interface Parts extends Settings {
  definition: Definition;
  /** Undefined when stateless. */
  store: Store | undefined;
  ambient: Ambient;
  sqs: Pick<SQSClient, 'send'>;
  breaker: Breaker;
}

/** Milliseconds kept back at the end of an invocation: to hand records back, and to write the log. */
const RESERVE_MS = 1_000;

async function consumeBatch(batch: SQSEvent, context: Invocation, parts: Parts): Promise<SQSBatchResponse> {
  const { ambient, breaker, bus, consumer, definition, store, sqs, deadLetterUrls, says, expireAfter } =
    parts;
  const { effect } = definition;
  const requestId = context.awsRequestId;
  const started = ambient.now();
  const remaining = () => context.getRemainingTimeInMillis() - RESERVE_MS;
  const say = (fields: Record<string, unknown>) => log(ambient, 'info', { ...fields, consumer, requestId });
  const deciding = { definition, say, remaining, ambient };
  const rules = { ...deciding, consumer, says, expireAfter };
  const ready = (round: readonly Arrival[], store: Store) =>
    effect ? perform(round, { ...rules, effect, store }) : round;
  const groups = new Set<string>();
  const arrivals = batch.Records.map((record) => arrive(record, definition, groups));
  const letters: DeadLetters = { consumer, requestId, now: ambient.now, sqs, urls: deadLetterUrls };

  if (store) await refuseUnended(arrivals, parts.maxReceives, store);
  await inRounds(arrivals, {
    allowed: breaker.allows,
    remaining,
    now: ambient.now,
    async run(round) {
      const done = await (store
        ? runRound(await ready(round, store), { ...rules, store })
        : runStateless(round, deciding));
      for (const { fault } of done) {
        if (!fault) breaker.succeeded();
        else if (fault instanceof Unavailable) breaker.failed();
      }
      await Promise.all(done.map((arrival) => settle(arrival, parts, letters)));
    },
  });
  const back = arrivals.filter(goesBack);
  if (store && back.length > 0) await noteBeginnings(arrivals, store);
  if (back.length > 0)
    await giveBack(back, { sqs, random: ambient.random, urlOf: queueUrlOf(deadLetterUrls) });
  report(arrivals, { bus, consumer, requestId, started }, ambient);
  return { batchItemFailures: back.map(({ record }) => ({ itemIdentifier: record.messageId })) };
}

/** `groups` are the FIFO groups of the records before it. */
function arrive(record: SQSRecord, definition: Definition, groups: Set<string>): Arrival {
  const { attributes, eventSourceARN } = record;
  const group = eventSourceARN.endsWith('.fifo') ? (attributes.MessageGroupId ?? '') : undefined;
  const behind = group !== undefined && groups.size === groups.add(group).size;
  const receives = Number(attributes.ApproximateReceiveCount);
  let received: CloudEvent | undefined;
  // One literal for all of them: what follows meets one shape.
  const arrival = (message?: Message, keys: string[] = [], fault?: Fault): Arrival => ({
    record,
    received,
    message,
    keys,
    group,
    behind,
    parking: received && group !== undefined && definition.parks(received.type) ? group : undefined,
    receives,
    fault,
    outcome: undefined,
    decisions: 0,
    conflicts: 0,
    settledAt: undefined,
  });
  try {
    received = openRecord(record, definition.on);
    const message = readMessage(received, definition.on);
    return arrival(message, definition.keysOf(message.event));
  } catch (error) {
    return arrival(undefined, [], faultOf(error));
  }
}

/** A failure is given up at once when trying again cannot help, and at the last attempt; otherwise it goes back. */
async function settle(
  arrival: Arrival,
  { maxReceives, ambient, store }: Parts,
  letters: DeadLetters,
): Promise<void> {
  const { fault, receives } = arrival;
  arrival.settledAt = ambient.now();
  if (!fault) return;
  arrival.outcome = { kind: 'retry', fault };
  if (!(fault instanceof Permanent) && receives < maxReceives) return;
  try {
    if (!(fault instanceof Permanent) && (await attemptsOf(arrival, store)) < maxReceives) return;
    if (fault instanceof Unavailable && (await committedAfterAll(arrival, store))) {
      arrival.outcome = { kind: 'duplicate' };
      return;
    }
    if (arrival.parking !== undefined) await store?.park(arrival.parking, arrival.received!.id);
    await deadLetter(arrival, fault, letters);
    arrival.outcome = { kind: 'dead-lettered', fault };
  } catch (error) {
    log(ambient, 'error', {
      consumer: letters.consumer,
      requestId: letters.requestId,
      outcome: 'retry',
      code: 'UNEXPECTED',
      message: `no dead letter could be written: ${(error as Error).name}`,
    });
  }
}

/** The answer to a commit may have been lost: what took effect is no dead letter. */
async function committedAfterAll({ message }: Arrival, store: Store | undefined): Promise<boolean> {
  const hash = message && (await store?.marked(message.event.id));
  return hash !== undefined && hash === message?.hash;
}

/** A queue lies beside its dead-letter queue: same endpoint, same account. */
const queueUrlOf =
  (deadLetterUrls: Record<string, string>) =>
  (queueArn: string): string =>
    (deadLetterUrls[queueArn] ?? '').replace(/[^/]*$/, queueArn.split(':')[5] ?? '');

function partsOf(definition: Definition, { dynamodb, sqs, ambient = production }: Collaborators): Parts {
  const settings = settingsOf(ambient.env, definition.stateless);
  const { table } = settings;
  return {
    ...settings,
    definition,
    store:
      table === undefined
        ? undefined
        : tableStore(table, dynamodb ?? new DynamoDBClient({ ...CLIENT, protocol: PlainJson10 }), ambient),
    sqs: sqs ?? onDemand(() => new SQSClient(CLIENT)),
    breaker: breakerOf({ now: ambient.now }),
    ambient,
  };
}

/** The queue retries, so the client tries only twice, and gives up before the function's deadline does. */
const CLIENT = clientSettings(2, 5_000);
