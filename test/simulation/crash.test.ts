import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { deadLetterOf, folded } from '../../functions/runtime/dead-letters.ts';
import { counter, Paid } from '../runtime/counter.ts';
import { startRelayRig, type RelayRig } from '../runtime/relay-rig.ts';
import { enveloped, intercepted, startRig, type Rig } from '../runtime/rig.ts';

/** How an instance ends at a call, or does not: killed before or after it was made, or frozen there until others are done. */
const WAYS = ['killed before', 'killed after', 'frozen before', 'frozen after'] as const;
type Way = (typeof WAYS)[number];

/** Makes an instance's calls stop at the n-th. `reached` is set when it came that far. */
function stopping(n: number, way: Way) {
  let thaw = () => {};
  const thawed = new Promise<void>((resolve) => (thaw = resolve));
  const stop = { calls: 0, reached: false, thaw: () => thaw() };
  const at = async (_: string, next: () => Promise<unknown>) => {
    if (++stop.calls !== n) return next();
    stop.reached = true;
    if (way.startsWith('killed')) {
      if (way === 'killed after') await next();
      return new Promise(() => {});
    }
    if (way === 'frozen before') await thawed;
    const answer = await next();
    if (way === 'frozen after') await thawed;
    return answer;
  };
  return Object.assign(stop, {
    client: <C extends { send: (command: never) => unknown }>(client: C) => intercepted(client, at),
  });
}

/** Lets an instance run until it is done or stopped for good. */
async function untilStill(running: Promise<unknown>): Promise<void> {
  let done = false;
  void running.finally(() => (done = true)).catch(() => {});
  for (let turns = 0; turns < 60 && !done; turns++) await new Promise(setImmediate);
}

/** Runs `scenario` with a stop at the first call, the second … until one run ends without reaching its stop. */
async function atEveryCall(scenario: (n: number) => Promise<boolean>, least: number): Promise<void> {
  let n = 1;
  while (await scenario(n)) n++;
  expect(n).toBeGreaterThan(least);
}

const paid = (account: string, amount: number): CloudEvent =>
  Paid({ account, amount }, { id: `${account}${amount}`, time: '2030-01-01T00:00:00.000Z' });

async function given(rig: Rig): Promise<void> {
  for (const event of [paid('a', 5), paid('a', 5), paid('b', -1), paid('a', 7), paid('c', 1)])
    await rig.put(enveloped(event));
  await rig.put('no json');
}

/** What there is when all is over: states, what was said, what was given up. */
async function outcome(rig: Rig) {
  const { Messages = [] } = await rig.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: rig.deadLetters.url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  const letters = folded(Messages.map((message) => deadLetterOf(message, 'consumer')));
  const sum = async (account: string) => ((await rig.stateOf(account)) as { sum: number } | undefined)?.sum;
  return {
    states: [await sum('a'), await sum('b'), await sum('c')],
    versions: [(await rig.item('a#a'))?.version?.N, (await rig.item('a#c'))?.version?.N],
    marks: (await rig.rows('m#')).map(({ pk }) => pk!.S!).sort(),
    said: (await rig.outbox()).map(({ type, subject, sequence }) => `${type} ${subject} ${sequence}`).sort(),
    dead: letters.map(({ reason }) => reason.code).sort(),
  };
}

const EXPECTED = {
  states: [12, undefined, 1],
  versions: ['2', '1'],
  marks: ['m#a5', 'm#a7', 'm#c1'],
  said: ['counted a 1', 'counted a 2', 'counted a 2', 'counted c 1', 'tell a 1', 'tell a 2', 'tell c 1'],
  dead: ['BODY_NOT_JSON', 'NEGATIVE'],
};

describe('a consumer that stops at any await (F05 F43 F44 F45 F46 I1 I2 I3 I15)', () => {
  test.each(WAYS)('%s the call, and redelivery: each effect is there once', async (way) => {
    await atEveryCall(async (n) => {
      const rig = await startRig();
      await given(rig);
      const stop = stopping(n, way);
      const first = rig.poll(
        counter({ ...rig, dynamodb: stop.client(rig.dynamodb), sqs: stop.client(rig.sqs) }),
      );
      await untilStill(first);
      for (let poll = 0; poll < 4; poll++) {
        await rig.aws.advance('15m');
        await rig.poll(counter(rig));
      }
      stop.thaw();
      await untilStill(first);
      await rig.aws.advance('15m');
      await rig.poll(counter(rig));
      const found = await outcome(rig);
      await rig.stop();
      expect({ ...found, said: [...new Set(found.said)] }, `${way} call ${n}`).toEqual({
        ...EXPECTED,
        said: [...new Set(EXPECTED.said)],
      });
      expect(found.said, `${way} call ${n}`).toHaveLength(EXPECTED.said.length);
      return stop.reached;
    }, 4);
  });
});

describe('a relay that stops at any await (F06 F07 I1 I15)', () => {
  test.each(WAYS)(
    '%s the call, and the sweeper: everything is published, under the same ids',
    async (way) => {
      await atEveryCall(async (n) => {
        const rig: RelayRig = await startRelayRig();
        await rig.commit(1, 2);
        const batch = await rig.streamed();
        const ids = (await rig.outbox()).map(({ id }) => id).sort();
        const stop = stopping(n, way);
        const first = rig.relay(batch, {
          dynamodb: stop.client(rig.dynamodb),
          eventbridge: stop.client(rig.eventbridge),
          sqs: stop.client(rig.sqs),
        });
        await untilStill(first);
        await rig.aws.advance('1m');
        await rig.relay({});
        stop.thaw();
        await untilStill(first);
        const arrived = (await rig.arrived()).map(({ id }) => id);
        const left = await rig.rows('o#');
        await rig.stop();
        expect([...new Set(arrived)].sort(), `${way} call ${n}`).toEqual(ids);
        expect(left, `${way} call ${n}`).toEqual([]);
        return stop.reached;
      }, 3);
    },
  );
});
