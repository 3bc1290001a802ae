/** Every alarm of the shop is proven by causing its fault on the deployed app, and reading its state (F56). */
import { CloudWatchClient, paginateDescribeAlarms, type StateValue } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { exampleOf } from '../../docs/generator/example.ts';
import { catalogue, PlaceOrder, usd } from '../../functions/contracts/index.ts';
import type { Fault } from '../../local/index.ts';
import { emit } from '../../operate/emit.ts';
import { startOnlineShop, type OnlineShop } from './shop.ts';

let shop: OnlineShop;
let all: string[];
let functions: string[];
const proven = new Set<string>();

beforeAll(async () => {
  shop = await startOnlineShop();
  all = await alarms();
  functions = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda() }, {}))
    functions.push(...Functions.map(({ FunctionName }) => FunctionName!));
}, 60_000);
afterAll(() => shop.local.stop());
afterEach(() => shop.local.world.faults.set([]));

test('a record that cannot be handled', async () => {
  await toEveryQueue('{');
  await shop.local.advance('2m');
  await expectRaised(/(?:Events|Commands)DeadLetters$/);
});

test('an event that nobody listens to', async () => {
  await publish('nobody', 'nobody.listens', {});
  await shop.local.advance('2m');
  await expectRaised(/^Unrouted$/);
});

test('an event that EventBridge cannot deliver', async () => {
  faults(
    { ...REFUSED, service: 'sqs', caller: 'events.amazonaws.com', target: '*Events*' },
    { ...REFUSED, service: 'sqs', caller: 'events.amazonaws.com', target: '*UnroutedQueue*' },
  );
  await toEveryRule();
  await shop.local.advance('2m');
  await expectRaised(/RuleDeadLetters$|RuleFailed$|^UnroutedDeadLetters$/);
});

test('an event that can be neither delivered nor dead-lettered (F15)', async () => {
  faults({ ...REFUSED, service: 'sqs', caller: 'events.amazonaws.com' });
  await toEveryRule();
  await shop.local.advance('2m');
  await expectRaised(/RuleLoss$/);
});

test('a sweeper that cannot be started', async () => {
  faults({ ...REFUSED, service: 'lambda', caller: 'events.amazonaws.com' });
  await shop.local.advance('3m');
  await expectRaised(/^RelaySchedule(?:DeadLetters|Failed)$/);
});

test('a sweeper that cannot be started, nor this be told', async () => {
  faults({ ...REFUSED, caller: 'events.amazonaws.com' });
  await shop.local.advance('3m');
  await expectRaised(/^RelayScheduleLoss$/);
});

test('a function that crashes', async () => {
  faults({ fault: 'crash' });
  await toEveryQueue('{}');
  await toEveryPath();
  await shop.local.advance('2m');
  await expectRaised(/Errors$/);
});

test('a function that is not let run', async () => {
  await reserve(0, relays());
  await placeOrder();
  await shop.local.advance('1m');
  await reserve(0, functions);
  await toEveryQueue('{}');
  await toEveryPath();
  await shop.local.advance('1m');
  await expectRaised(/Throttles$/);
});

test('messages that wait for too long (F33)', async () => {
  await enable(false);
  await toEveryQueue('{}');
  await shop.local.advance('65m');
  await expectRaised(/Oldest$/);
  await enable(true);
});

test('a relay that comes back after an hour', async () => {
  await reserve(undefined, functions);
  await shop.local.advance('3m');
  await expectRaised(/^Relay(?:Stream)?Lag$/);
});

test('a message that can never be published', async () => {
  faults({ fault: 'partial', service: 'events', code: 'NotAuthorizedForSourceException' });
  await placeOrder();
  await shop.local.advance('2m');
  await expectRaised(/^RelayFailed$/);
});

test('stream records that Lambda gives up', async () => {
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda() }, {}))
    for (const { UUID, EventSourceArn = '' } of EventSourceMappings)
      if (EventSourceArn.includes('/stream/'))
        await lambda().send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: 0 }));
  faults({ fault: 'crash', target: '*Relay*' });
  await placeOrder();
  await shop.local.advance('2m');
  await expectRaised(/^RelayFailures$/);
});

test('records that are tried again and again', async () => {
  await newerThanEveryReader();
  await reserve(0, relays()); // the sweeper has no part in this
  await shop.local.advance('75m');
  await expectRaised(/Retrying$/);
});

test('and that is all of them', () => {
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((name) => !proven.has(name))).toEqual([]);
});

/** Not worth another try, so it fails at once. */
const REFUSED: Fault = { fault: 'error', code: 'AccessDenied', message: 'No.', status: 403 };

/** Sets how many of each may run, or lifts the limit. */
async function reserve(ReservedConcurrentExecutions: number | undefined, names: string[]): Promise<void> {
  for (const FunctionName of names)
    await (ReservedConcurrentExecutions === undefined
      ? lambda().send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : lambda().send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions })));
}

/** Whether the queues are read. */
async function enable(Enabled: boolean): Promise<void> {
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda() }, {}))
    for (const { UUID, EventSourceArn = '' } of EventSourceMappings)
      if (EventSourceArn.includes(':sqs:'))
        await lambda().send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
}

/** Asks every function of the API. */
async function toEveryPath(): Promise<void> {
  await shop.call('/');
  await shop.call('/orders/none', { method: 'GET' });
}

const relays = () => functions.filter((name) => name.includes('Relay'));
const lambda = () => shop.aws(LambdaClient);
const faults = (...some: Fault[]) => shop.local.world.faults.set(some);

/** Alarms by their construct: `PaymentsRuleLoss`. */
async function alarms(StateValue?: StateValue): Promise<string[]> {
  const names = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: shop.aws(CloudWatchClient) },
    { StateValue },
  ))
    names.push(...MetricAlarms.map(({ AlarmName }) => /Shop(\w*?)Alarm[0-9A-F]{8}/.exec(AlarmName!)![1]!));
  return names;
}

/** All alarms of this name have been raised. */
async function expectRaised(names: RegExp): Promise<void> {
  const expected = all.filter((name) => names.test(name));
  expect(expected.length).toBeGreaterThan(0);
  expect(await alarms('ALARM')).toEqual(expect.arrayContaining(expected));
  for (const name of expected) proven.add(name);
}

async function toEveryQueue(MessageBody: string): Promise<void> {
  for (const { queueUrls } of Object.values(shop.discovered.consumers))
    await toQueues(queueUrls, MessageBody);
}

async function toQueues(queueUrls: string[], MessageBody: string): Promise<void> {
  for (const QueueUrl of queueUrls)
    await shop.aws(SQSClient).send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        ...(QueueUrl.endsWith('.fifo') && {
          MessageGroupId: 'g',
          MessageDeduplicationId: shop.local.world.random.uuid(),
        }),
      }),
    );
}

/** An event of every type, worth enough for every filter, and one that nobody listens to. */
async function toEveryRule(): Promise<void> {
  for (const contract of catalogue.filter(({ kind }) => kind === 'event')) {
    const { data, ...event } = exampleOf(contract);
    await publish(contract.source, contract.type, {
      ...event,
      data: { ...(data as object), total: usd(1000) },
    });
  }
  await publish('nobody', 'nobody.listens', {});
}

/** A message for every consumer, of a version that none of them knows. */
async function newerThanEveryReader(): Promise<void> {
  for (const { queueUrls, on } of Object.values(shop.discovered.consumers)) {
    const { type, ...event } = exampleOf(catalogue.find(({ type }) => type === on[0])!);
    const body = { ...event, type, dataschema: `urn:spillway:${type}:99` };
    await toQueues(queueUrls, JSON.stringify(body));
  }
}

const publish = (Source: string, DetailType: string, detail: object) =>
  shop.aws(EventBridgeClient).send(
    new PutEventsCommand({
      Entries: [{ EventBusName: shop.discovered.bus, Source, DetailType, Detail: JSON.stringify(detail) }],
    }),
  );

let orders = 0;

/** One that leaves something in the outbox. */
async function placeOrder(): Promise<void> {
  const { data } = exampleOf(PlaceOrder);
  const orderId = `ALARM-${orders++}`;
  await emit(shop.aws, async () => shop.discovered, PlaceOrder, { ...(data as object), orderId });
}
