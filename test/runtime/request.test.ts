import { ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { consume } from '../../functions/runtime/consume.ts';
import { command, event } from '../../functions/runtime/contract.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { requester, type Requester } from '../../functions/runtime/request.ts';
import { Tell } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { intercepted } from './rig.ts';

const Ask = command('ask', { orderBy: 'item', data: { item: z.string() } });
const Told = event('told', { source: 'test.prices', data: { item: z.string(), price: z.int() } });

let rig: RelayRig;
let requests: Requester;
beforeEach(async () => {
  rig = await startRelayRig();
  requests = requesterOver(rig.sqs);
});
afterEach(() => rig.stop());

function requesterOver(sqs: SQSClient): Requester {
  const { clock } = rig.aws.world;
  const waiting = {
    ...rig.ambient,
    now: clock.now,
    after: (ms: number, run: () => void) => {
      const timer = clock.after(ms, run);
      return () => timer.cancel();
    },
  };
  return requester({ queues: { ask: rig.queue.url }, sqs, ambient: waiting });
}

const prices = () =>
  consume(
    [Ask],
    {
      key: ({ data }) => data.item,
      decide: (asked: number | undefined = 0, { data }) => ({
        state: asked + 1,
        reply: Told({ item: data.item, price: asked + 7 }),
      }),
    },
    rig,
  );

/** What was asked is answered, and the answer brought. */
async function answered(): Promise<void> {
  for (let i = 0; i < 50 && (await rig.rows('o#')).length === 0; i++) await rig.poll(prices());
  await rig.relay(await rig.streamed());
}
const replyQueues = async () =>
  (await rig.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'spillway-replies-' }))).QueueUrls ?? [];

describe('request and reply', () => {
  test('a process that asks is answered, over one queue of its own', async () => {
    for (const price of [7, 8]) {
      const asking = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
      await answered();
      const { data, type } = await asking;
      expect([type, data]).toEqual(['told', { item: 'tea', price }]);
    }
    expect(await replyQueues()).toHaveLength(1);
    await requests.close();
    expect(await replyQueues()).toEqual([]);
  });

  test('a reply that comes late is discarded, and the next one is the right one', async () => {
    const asking = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
    const late = faultOf(asking);
    await settled(async () => (await replyQueues()).length > 0);
    await rig.aws.advance('6s');
    expect(await late).toMatchObject({ code: 'REPLY_TIMEOUT' });
    await answered();
    const again = requests.request(Ask({ item: 'coffee' }), { reply: Told, timeout: 60_000 });
    await answered();
    expect((await again).data).toEqual({ item: 'coffee', price: 7 });
    await requests.close();
  });

  test('a reply to a process that has ended is dropped, and nothing is stuck', async () => {
    const asking = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
    const given = faultOf(asking);
    await settled(async () => (await replyQueues()).length > 0);
    for (let i = 0; i < 50 && (await rig.rows('o#')).length === 0; i++) await rig.poll(prices());
    await requests.close();
    expect(await given).toMatchObject({ code: 'REPLY_TIMEOUT' });
    await rig.relay(await rig.streamed());
    expect(await rig.rows('o#')).toEqual([]);
  });

  /** Queues of which the first cannot be made. */
  const throttled = () => {
    let calls = 0;
    return intercepted(rig.sqs, async (name, next) => {
      if (name === 'CreateQueue' && calls++ === 0) throw new Error('throttled');
      return next();
    });
  };

  test('a reply queue that could not be made is made with the next request', async () => {
    requests = requesterOver(throttled());
    const failing = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
    await expect(failing).rejects.toThrow('throttled');
    const asking = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
    await answered();
    expect((await asking).data).toEqual({ item: 'tea', price: 7 });
    await requests.close();
    expect(await replyQueues()).toEqual([]);
  });

  test('what has no reply queue is closed all the same', async () => {
    requests = requesterOver(throttled());
    const failing = requests.request(Ask({ item: 'tea' }), { reply: Told, timeout: 5_000 });
    const failed = faultOf(failing);
    await requests.close();
    expect(await failed).toMatchObject({ message: 'throttled' });
    await requests.close();
  });

  test('for a reply to what could not be sent nobody waits', async () => {
    let polls = 0;
    requests = requesterOver(
      intercepted(rig.sqs, async (name, next) => {
        if (name === 'ReceiveMessage') polls++;
        return next();
      }),
    );
    const asking = requests.request(Tell({ account: 'a' }), { reply: Told, timeout: 5_000 });
    await expect(asking).rejects.toMatchObject({ code: 'EVT_NO_QUEUE' });
    for (let i = 0; i < 5; i++) {
      await settled(async () => polls > i);
      await rig.aws.advance('20s');
    }
    const closed = requests.close();
    await rig.aws.advance('20s');
    await closed;
    expect(polls).toBe(1);
  });

  test('a reply of another kind is refused', async () => {
    const Other = event('other', { source: 'test.prices', data: {} });
    const asking = requests.request(Ask({ item: 'tea' }), { reply: Other, timeout: 5_000 });
    const refused = faultOf(asking);
    await answered();
    expect(await refused).toMatchObject({ code: 'UNEXPECTED_TYPE' });
    await requests.close();
  });

  test('a consumer is named in replyto, and gets the reply as an ordinary message', async () => {
    rig.ambient.env.SPILLWAY_REPLIES = JSON.stringify({ shop: rig.deadLetters.url });
    await rig.put(Ask({ item: 'tea' }, { id: 'asked', replyto: 'shop' }));
    await answered();
    expect(await rig.arrived()).toMatchObject([
      { type: 'told', correlationid: 'asked', causationid: 'asked', data: { price: 7 } },
    ]);
  });

  test('nobody is sent elsewhere by a replyto: what is no reply queue is refused', async () => {
    await rig.put(Ask({ item: 'tea' }, { replyto: rig.deadLetters.url }));
    await answered();
    expect((await rig.rows('o#')).map(({ pending, reason }) => [pending?.S, reason?.S])).toEqual([
      ['failed', 'EVT_NO_QUEUE'],
    ]);
  });

  test('who wants no reply gets none', async () => {
    await rig.put(Ask({ item: 'tea' }));
    await rig.poll(prices());
    expect(await rig.rows('o#')).toEqual([]);
    const { replied } = await deliver(prices(), Ask({ item: 'tea' }, { replyto: 'shop' }));
    expect(replied?.data).toEqual({ item: 'tea', price: 7 });
  });

  test('inside a function there is no waiting', () => {
    const inLambda = { ...rig.ambient, env: { AWS_LAMBDA_FUNCTION_NAME: 'f' } };
    expect(() => requester({ ambient: inLambda })).toThrow(
      expect.objectContaining({ code: 'REQUEST_IN_LAMBDA' }),
    );
  });
});

/** What is thrown, whenever it is. */
const faultOf = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => undefined,
    (fault) => fault,
  );

/** Lets what runs beside go on until something is so. */
async function settled(is: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !(await is()); i++) await new Promise(setImmediate);
}
