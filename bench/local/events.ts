/** The ways of an event: from PutEvents by a rule to a queue, and on to a function. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { atOnce, perSecond } from './at-once.ts';
import { drained } from './queues.ts';
import { functionOn, ruleToQueue } from './route.ts';
import { median, row, rounds } from './rounds.ts';
import type { Server } from './server.ts';

const EVENTS = 1_000;
const ROUNDS = 5;
const WIDTH = 8;
const IDLE_ROUNDS = 5;
const IDLE_EVENTS = 10;

/** PutEvents → rule → queue: until the last event can be received. */
export async function ruleRows(servers: Server[]) {
  const queues = new Map<Server, string>();
  for (const server of servers) queues.set(server, (await ruleToQueue(server, 'queued')).QueueUrl);
  const results = await rounds(servers, ROUNDS, async (server) => {
    const QueueUrl = queues.get(server)!;
    const rate = async (perCall: number) => {
      const measured = await perSecond(EVENTS, async () => {
        await putEvents(server, 'queued', EVENTS, perCall);
        while ((await depth(server, QueueUrl)) < EVENTS) await wait(2);
      });
      await drained(server.call, QueueUrl, EVENTS);
      return measured;
    };
    return { one: await rate(1), ten: await rate(10) };
  });
  return [
    row('PutEvents → rule → SQS, 1 a call (events/s)', results, 'one', 'ministack', '≥ 1.5, aim 2'),
    row('PutEvents → rule → SQS, 10 a call (events/s)', results, 'ten', 'ministack', '≥ 1.5, aim 2'),
  ];
}

/** PutEvents → rule → queue → function: until the handler has the last event; and how long one takes when nothing else happens. */
export async function functionRows(servers: Server[]) {
  const tallies = new Map<Server, Tally>();
  for (const server of servers) {
    // Not below /tmp, of which every function has one of its own.
    const tally = tallyIn(resolve(`node_modules/.cache/bench-local/${server.name}.tally`));
    tallies.set(server, tally);
    await functionOn(server, (await ruleToQueue(server, 'handled')).QueueArn, tally.file);
  }
  const rates = await rounds(servers, ROUNDS, async (server) => {
    const tally = tallies.get(server)!;
    const rate = async (perCall: number) => {
      tally.reset();
      const began = now();
      await putEvents(server, 'handled', EVENTS, perCall);
      const last = (await tally.lines(EVENTS)).at(-1)!;
      return EVENTS / ((last - began) / 1000);
    };
    return { one: await rate(1), ten: await rate(10) };
  });
  const latency = await rounds(servers, IDLE_ROUNDS, async (server) => {
    const tally = tallies.get(server)!;
    const taken: number[] = [];
    for (let i = 0; i < IDLE_EVENTS; i++) {
      await wait(IDLE_MS);
      tally.reset();
      const began = now();
      await putEvents(server, 'handled', 1, 1);
      taken.push((await tally.lines(1))[0]! - began);
    }
    return { idle: median(taken) };
  });
  return [
    row('PutEvents → rule → SQS → handler, 1 a call (events/s)', rates, 'one', 'ministack', '≥ 4'),
    row('PutEvents → rule → SQS → handler, 10 a call (events/s)', rates, 'ten', 'ministack', '≥ 4'),
    row('PutEvents → rule → SQS → handler, idle p50 (ms)', latency, 'idle', 'ministack', '≤ 1'),
  ];
}

/** Longer than the pauses of anybody who polls. */
const IDLE_MS = 300;

/** As functions tell it too: the machine's own, which does not depend on when a process began. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

export async function putEvents(
  { call }: Server,
  DetailType: string,
  count: number,
  perCall: number,
): Promise<void> {
  const Entries = Array.from({ length: perCall }, () => ({ Source: 'bench', DetailType, Detail: DETAIL }));
  await atOnce(WIDTH, count / perCall, async () => {
    const { FailedEntryCount } = await call('events', 'PutEvents', { Entries });
    if (FailedEntryCount > 0) throw new Error(`${FailedEntryCount} events were refused.`);
  });
}

const DETAIL = JSON.stringify({ order: 'A-1', lines: [{ sku: 'S-1', quantity: 2 }], note: 'x'.repeat(300) });

async function depth({ call }: Server, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages'];
  const { Attributes } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames });
  return Number(Attributes.ApproximateNumberOfMessages);
}

type Tally = ReturnType<typeof tallyIn>;

/** What functions wrote down. */
function tallyIn(file: string) {
  return {
    file,
    reset: () => writeFileSync(file, ''),
    /** Resolves once there are so many lines; throws when nothing was added for ten seconds. */
    async lines(count: number): Promise<number[]> {
      let size = -1;
      for (let since = now(); ; await wait(2)) {
        const grown = statSync(file).size;
        if (grown === size && now() - since < 10_000) continue;
        if (grown === size) throw new Error(`Of ${count} events some were not handled.`);
        [size, since] = [grown, now()];
        const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
        if (lines.length >= count) return lines.map(Number).toSorted((a, b) => a - b);
      }
    },
  };
}
