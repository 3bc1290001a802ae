import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publish } from '../../functions/runtime/publish.ts';
import type { Discovered } from '../../operate/discovery.ts';
import { planReplay } from '../../operate/replay/plan.ts';
import { replay, type Replaying } from '../../operate/replay/replay.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { openTo } from '../queue-policy.ts';
import { counter, Paid } from '../runtime/counter.ts';
import { startRig, type Rig } from '../runtime/rig.ts';

const MINUTE = 60_000;
const START = Date.UTC(2030, 0, 1);

let rig: Rig;
let events: EventBridgeClient;
let discovered: Discovered;

beforeEach(async () => {
  rig = await startRig();
  events = rig.aws.client(EventBridgeClient);
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'bus' }));
  await events.send(
    new CreateArchiveCommand({ ArchiveName: 'archive', EventSourceArn: EventBusArn, RetentionDays: 30 }),
  );
  const rule = { Name: 'rule', EventBusName: 'bus', EventPattern: '{"detail-type":["paid"]}' };
  const { RuleArn } = await events.send(new PutRuleCommand(rule));
  await events.send(
    new PutTargetsCommand({ Rule: 'rule', EventBusName: 'bus', Targets: [{ Id: 't', Arn: rig.queue.arn }] }),
  );
  await hears(true);
  const consumer = { function: 'f', deadLetterUrls: [], queueUrls: [rig.queue.url], on: ['paid'] };
  discovered = {
    bus: 'bus',
    archive: 'archive',
    commands: {},
    consumers: {
      counter: { ...consumer, table: 'table', ruleArn: RuleArn! },
      commanded: { ...consumer, table: 'table' },
      mailer: { ...consumer, ruleArn: RuleArn! },
    },
    apis: {},
  };
});
afterEach(() => rig.stop());

/** Whether the queue takes what the rule brings; without a dead-letter queue what it refuses is gone. */
const hears = (yes: boolean) =>
  rig.sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: rig.queue.url, Attributes: { Policy: yes ? POLICY : '' } }),
  );
const POLICY = openTo('events.amazonaws.com');

const pay = (amount: number) =>
  publish([Paid({ account: 'a', amount }, { id: `id-${amount}` })], { bus: 'bus', eventbridge: events });

/** One poll of the queue at a time, until nothing is left. */
async function handled(): Promise<string[]> {
  for (let i = 0; i < 5; i++) {
    await rig.aws.advance('1s');
    await rig.poll(counter(rig));
  }
  return rig.outcomes() as string[];
}

const now = () => rig.aws.world.clock.now();
const plan = (options: Partial<Parameters<typeof planReplay>[2]> = {}) =>
  planReplay(awsOf(rig.aws), discovered, { to: ['counter'], since: START, now: now(), ...options });
const running = (changes: Partial<Replaying> = {}): Replaying => ({
  name: 'again',
  stopped: () => false,
  wait: (ms) => rig.aws.advance(ms),
  onReached: () => {},
  ...changes,
});

describe('a replay (I8)', () => {
  test('changes nothing for what was applied, and applies what never arrived', async () => {
    await pay(1);
    await handled();
    await hears(false);
    await pay(2);
    await rig.aws.advance('24h'); // EventBridge gives up
    await hears(true);
    expect(await rig.stateOf('a')).toEqual({ sum: 1, seen: [1] });
    const replayed = await replay(awsOf(rig.aws), await plan(), running());
    expect(replayed).toEqual({ name: 'again', state: 'COMPLETED', reached: '2030-01-01T00:00:05.000Z' });
    expect((await handled()).toSorted()).toEqual(['committed', 'committed', 'duplicate']);
    expect(await rig.stateOf('a')).toEqual({ sum: 3, seen: [1, 2] });
  });

  test('goes to the consumers that are named, and to no others', async () => {
    await pay(1);
    await handled();
    await rig.aws.advance('1h');
    discovered.consumers['counter']!.ruleArn = discovered.consumers['counter']!.ruleArn!.replace(
      '/rule',
      '/other',
    );
    await replay(awsOf(rig.aws), await plan(), running());
    expect(await handled()).toEqual(['committed']);
    await replay(
      awsOf(rig.aws),
      await plan({ to: [], allRules: true, mayRepeat: true }),
      running({ name: 'all' }),
    );
    expect(await handled()).toEqual(['committed', 'duplicate']);
  });

  test('is cancelled at Ctrl-C, and says how far it came', async () => {
    await pay(1);
    await rig.aws.advance('10m');
    await pay(2);
    await rig.aws.advance('1h');
    let looks = 0;
    const replayed = await replay(
      awsOf(rig.aws),
      await plan(),
      running({ stopped: () => looks++ > 0, wait: () => rig.aws.advance('1s') }),
    );
    expect(replayed).toEqual({ name: 'again', state: 'CANCELLED', reached: '2030-01-01T00:00:00.000Z' });
  });
});

describe('what a replay cannot do is refused before anything is replayed (B58)', () => {
  const DAY = 24 * 60 * MINUTE;
  beforeEach(() => rig.aws.advance('40d'));

  test.each<[string, () => Parameters<typeof plan>[0], string, RegExp]>([
    [
      'an end that the archive may not have yet',
      () => ({ since: now() - DAY, until: now() - 9 * MINUTE }),
      'BAD_REPLAY',
      /10 minutes ago/,
    ],
    [
      'a beginning that it may not have yet',
      () => ({ since: now() - 5 * MINUTE }),
      'BAD_REPLAY',
      /Nothing lies between/,
    ],
    ['a beginning that it no longer has', () => ({ since: now() - 31 * DAY }), 'BAD_REPLAY', /keeps 30 days/],
    ['nobody', () => ({ since: now() - DAY, to: [] }), 'BAD_REPLAY', /--to counter; --all-rules/],
    ['everybody and somebody', () => ({ since: now() - DAY, allRules: true }), 'BAD_REPLAY', /not both/],
    [
      'who listens to commands only',
      () => ({ since: now() - DAY, to: ['commanded'] }),
      'BAD_REPLAY',
      /commands/,
    ],
    [
      'who is not there, with the nearest (B51)',
      () => ({ since: now() - DAY, to: ['counted'] }),
      'UNKNOWN_NAME',
      /nearest are counter/,
    ],
    ['who remembers nothing', () => ({ since: now() - DAY, to: ['mailer'] }), 'MAY_REPEAT', /mailer/],
    [
      'everybody, of whom one remembers nothing',
      () => ({ since: now() - DAY, to: [], allRules: true }),
      'MAY_REPEAT',
      /mailer/,
    ],
  ])('%s', async (_, options, code, message) => {
    await expect(plan(options())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a bus without an archive', async () => {
    delete discovered.archive;
    await expect(plan({ since: now() - DAY })).rejects.toMatchObject({ code: 'BAD_REPLAY' });
  });
});
