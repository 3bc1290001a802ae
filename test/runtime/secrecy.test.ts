import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import type { Moment } from '../../functions/runtime/consume/definition.ts';
import { redact } from '../../functions/runtime/consume/redact.ts';
import { Fault, Permanent, Unavailable } from '../../functions/runtime/errors.ts';
import { publish } from '../../functions/runtime/publish.ts';
import { Counted, counter, Paid } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { caught, enveloped, intercepted } from './rig.ts';

/** Personal data of an event, and secrets that have nothing to do with one. */
const PERSON = { account: 'Canary Ann Example', note: 'ann.canary@example.com lives in Canary Street 9' };
const SECRETS = [
  'AKIACANARYCANARY1234',
  'Bearer canary-token-0123456789',
  'eyJjYW5hcnkiOiJjYW5hcnkifQ.eyJjYW5hcnkiOjF9.c2lnbmF0dXJl',
  'password=canaryCanary',
  '4111 1111 1111 1111',
  'wJalrXUtnFEMIcanaryCANARYbPxRfiCYEXAMPLEKEY1',
];
const CANARIES = [...Object.values(PERSON), 'ann.canary@example.com', ...SECRETS];
const all = CANARIES.join(' and ');

let rig: RelayRig;
beforeEach(async () => {
  rig = await startRelayRig();
});
afterEach(() => rig.stop());

const person = (id: string, changes: object = {}) =>
  enveloped({ ...Paid({ amount: 1, ...PERSON }, { id }), ...changes });

/** Everything that leaves besides the messages themselves: log lines, metrics, reasons. */
const told = async () => JSON.stringify([rig.lines, (await rig.dead()).map(({ reason }) => reason)]);

function expectNone(text: string): void {
  for (const canary of CANARIES) expect(text).not.toContain(JSON.stringify(canary).slice(1, -1));
  expect(text.toLowerCase()).not.toContain('canary');
}

describe('no canary reaches a log, a metric or a reason (I12 F57)', () => {
  test.each<[string, (moment: Moment) => unknown]>([
    ['an error', () => new Error(all)],
    ['an error with a telling name', () => Object.assign(new Error(all), { name: 'TypeError' })],
    ['a text', () => all],
    [
      'a refusal whose every part tells',
      () =>
        new Permanent(all, { code: all, path: `data.${all}`, hint: all, actual: all, cause: new Error(all) }),
    ],
    ['a fault', () => new Fault('UNEXPECTED', all, { hint: all })],
    ['an outage', () => new Unavailable(all)],
    ['an error of a megabyte', () => new Error(`${all} `.repeat(5_000))],
    ['one long secret again and again', () => new Error(`${'x'.repeat(30)} ${PERSON.note}`.repeat(20_000))],
    [
      'a decision that logs what it should not',
      ({ log }) => {
        log({ message: all, notice: all, account: PERSON.account, data: PERSON });
        return new Error('no');
      },
    ],
  ])('%s', async (_, thrown) => {
    const failing = consume(
      [Paid],
      {
        key: () => 'a',
        decide: (_state, _message, moment) => {
          throw thrown(moment);
        },
      },
      rig,
    );
    await rig.put(person('one'));
    await rig.poll(failing);
    rig.ambient.env.SPILLWAY_MAX_RECEIVES = '2';
    await rig.aws.advance('1m');
    await rig.poll(
      consume(
        [Paid],
        {
          key: () => 'a',
          decide: () => {
            throw thrown({ now: '', log: () => {} });
          },
        },
        rig,
      ),
    );
    expect(rig.outcomes()).toContain('dead-lettered');
    expectNone(await told());
  });

  test('data that is refused before it is decided on', async () => {
    await rig.put(person('schema', { data: { account: 5, amount: PERSON.note, note: { deep: all } } }));
    await rig.put(person('type', { dataschema: 'urn:spillway:paid:9' }));
    await rig.put(person('envelope', { data: all }));
    await rig.put(`{"detail": ${all}`);
    await rig.put(person('used'));
    await rig.poll(counter(rig));
    await rig.put(person('used', { data: { ...PERSON, amount: 2 } }));
    await rig.poll(counter(rig));
    const text = await told();
    for (const code of [
      'EVT_SCHEMA',
      'UNKNOWN_VERSION',
      'ENVELOPE_INVALID',
      'BODY_NOT_JSON',
      'PAYLOAD_CONFLICT',
    ])
      expect(text).toContain(code);
    expectNone(text);
  });

  test('the relay, and a producer that is refused', async () => {
    await rig.put(person('one'));
    await rig.poll(counter(rig));
    const refusing = intercepted(rig.eventbridge, async (name, next, { Entries }: { Entries: unknown[] }) =>
      name === 'PutEvents'
        ? { Entries: Entries.map(() => ({ ErrorCode: 'MalformedDetail', ErrorMessage: all })) }
        : next(),
    );
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await rig.relay(await rig.streamed(), { eventbridge: refusing });
    expect(rig.outcomes()).toContain('refused');
    const error = await caught(
      publish([Counted({ account: PERSON.account, sum: 1 })], { ...rig, eventbridge: refusing, bus: 'bus' }),
    );
    const large = await caught(
      publish([Counted({ account: all, sum: 1 })], { ...rig, bus: 'bus', maxBytes: 100 }),
    );
    expectNone(JSON.stringify([rig.lines, error.message, error.toJSON(), large.message, large.toJSON()]));
  });

  test('a message that is too long to be looked at whole ends before the piece that was cut', () => {
    const note = 'canary '.repeat(1_000);
    expect(redact(note.repeat(5), { note }, 700)).toBe('……');
  });

  test('what looks like a secret goes, and the rest of the sentence stays', () => {
    expect(redact(`card 4111 1111 1111 1111 of ${PERSON.account} was refused`, PERSON, 100)).toBe(
      'card … of … was refused',
    );
  });
});
