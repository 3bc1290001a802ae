import type {
  EventBridgeClient,
  PutEventsCommandInput,
  PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { publish } from '../../functions/runtime/publish.ts';
import { entryBytes, entryOf } from '../../functions/runtime/publish/events.ts';
import { isPermanent, PublishError } from '../../functions/runtime/publish/failures.ts';
import { Paid } from './counter.ts';
import { caught, waitingAmbient } from './rig.ts';

const ambient = () => waitingAmbient(() => Date.UTC(2030, 0, 1), [], { SPILLWAY_BUS: 'bus' });
const events = (count: number): CloudEvent[] =>
  Array.from({ length: count }, (_, i) => Paid({ account: 'a', amount: i }, { id: `e${i}` }));

/** A bus that answers as told, entry by entry; what it accepted is in `accepted`. */
function bus(answer: (entry: PutEventsRequestEntry, id: string) => string | undefined | Error) {
  const accepted: string[] = [];
  const calls: string[][] = [];
  const eventbridge = {
    async send({ input: { Entries = [] } }: { input: PutEventsCommandInput }) {
      const ids = Entries.map(({ Detail }) => JSON.parse(Detail!).id as string);
      calls.push(ids);
      const answers = Entries.map((entry, i) => answer(entry, ids[i]!));
      const thrown = answers.find((one) => one instanceof Error);
      if (thrown) throw thrown;
      ids.forEach((id, i) => answers[i] === undefined && accepted.push(id));
      return { Entries: answers.map((code) => (code ? { ErrorCode: code as string } : { EventId: 'x' })) };
    },
  } as unknown as EventBridgeClient;
  return { eventbridge, accepted, calls };
}

describe('publish', () => {
  test('F01 tries again only what failed, whichever entries fail', async () => {
    for (let mask = 0; mask < 2 ** 6; mask++) {
      const failsOnce = new Set(
        events(6)
          .map(({ id }) => id)
          .filter((_, i) => mask & (1 << i)),
      );
      const { eventbridge, accepted, calls } = bus((_, id) =>
        failsOnce.delete(id) ? 'InternalFailure' : undefined,
      );
      await publish(events(6), { eventbridge, ambient: ambient() });
      expect(accepted.toSorted()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5']);
      expect(calls.length).toBe(mask === 0 ? 1 : 2);
    }
  });

  test.each([
    ['AccessDeniedException', true],
    ['InvalidAccountIdException', true],
    ['InvalidArgument', true],
    ['MalformedDetail', true],
    ['RedactionFailure', true],
    ['NotAuthorizedForSourceException', true],
    ['NotAuthorizedForDetailTypeException', true],
    ['InternalFailure', false],
    ['InternalException', false],
    ['ThrottlingException', false],
    ['SomethingNew', false],
  ])('F03 %s: permanent %s', async (code, permanent) => {
    expect(isPermanent(code)).toBe(permanent);
    const { eventbridge, calls } = bus((_, id) => (id === 'e0' ? code : undefined));
    const error = await caught(publish(events(2), { eventbridge, ambient: ambient(), budgetMs: 3_000 }));
    expect(error.rejected).toEqual([{ index: 0, id: 'e0', code }]);
    expect(error.indeterminate).toEqual([]);
    expect(calls.length === 1).toBe(permanent);
  });

  test('F02 an answer that was lost is indeterminate, and the ids stay the same', async () => {
    const timeout = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    const { eventbridge, calls } = bus(() => timeout);
    const error = await caught(publish(events(1), { eventbridge, ambient: ambient(), budgetMs: 500 }));
    expect(error).toBeInstanceOf(PublishError);
    expect(error.indeterminate).toEqual([{ index: 0, id: 'e0', code: 'TimeoutError' }]);
    expect(new Set(calls.flat())).toEqual(new Set(['e0']));
  });

  test('once lost, a later refusal does not make it certain', async () => {
    let first = true;
    const { eventbridge } = bus(() => {
      if (!first) return 'InternalFailure';
      first = false;
      return Object.assign(new Error('x'), { name: 'TimeoutError' });
    });
    const error = await caught(publish(events(1), { eventbridge, ambient: ambient(), budgetMs: 500 }));
    expect(error.indeterminate).toMatchObject([{ code: 'InternalFailure' }]);
  });

  test('F54 a bus that is down is asked a bounded number of times', async () => {
    const { eventbridge, calls } = bus(() => 'ThrottlingException');
    await caught(publish(events(1), { eventbridge, ambient: ambient(), budgetMs: 10_000 }));
    expect(calls.length).toBeLessThan(30);
  });

  test('calls that the budget does not reach are not made, and their events are told', async () => {
    const slow = ambient();
    const { eventbridge, accepted } = bus(() => void (slow.waited += 100));
    const error = await caught(publish(events(240), { eventbridge, ambient: slow, budgetMs: 10_000 }));
    expect(accepted).toHaveLength(160);
    expect(error.rejected.map(({ id }) => id)).toEqual(
      events(240)
        .map(({ id }) => id)
        .slice(160),
    );
    expect(new Set(error.rejected.map(({ code }) => code))).toEqual(new Set(['NotSent']));
  });

  test('a budget of nothing is one try', async () => {
    const { eventbridge, calls } = bus((_, id) => (id === 'e0' ? 'InternalFailure' : undefined));
    const error = await caught(publish(events(2), { eventbridge, ambient: ambient(), budgetMs: 0 }));
    expect(error.rejected).toEqual([{ index: 0, id: 'e0', code: 'InternalFailure' }]);
    expect(calls).toHaveLength(1);
  });

  test('B12 more than ten make several calls; nothing makes none', async () => {
    const { eventbridge, calls } = bus(() => undefined);
    await publish(events(23), { eventbridge, ambient: ambient() });
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 3]);
    await expect(
      publish(events(11), { eventbridge, ambient: ambient(), atomic: true }),
    ).rejects.toMatchObject({ code: 'EVT_BATCH_TOO_LARGE', limit: 10, actual: 11 });
    await expect(publish([], { eventbridge, ambient: ambient() })).rejects.toMatchObject({
      code: 'EVT_EMPTY',
    });
  });

  test('B11 an event of one byte too many is refused before anything is sent, naming the largest field', async () => {
    const { eventbridge, calls } = bus(() => undefined);
    const event = Paid({ account: 'a', amount: 1, note: '漢'.repeat(1000) });
    const size = entryBytes(entryOf(event, 'bus'));
    await publish([event], { eventbridge, ambient: ambient(), maxBytes: size });
    await expect(
      publish([...events(1), event], { eventbridge, ambient: ambient(), maxBytes: size - 1 }),
    ).rejects.toMatchObject({
      code: 'EVT_TOO_LARGE',
      limit: size - 1,
      actual: size,
      path: 'data.note',
    });
    expect(calls).toHaveLength(1);
  });

  test('B13 one id with two payloads is refused', async () => {
    const two = [
      Paid({ account: 'a', amount: 1 }, { id: 'x' }),
      Paid({ account: 'a', amount: 2 }, { id: 'x' }),
    ];
    await expect(publish(two, { ambient: ambient() })).rejects.toMatchObject({
      code: 'EVT_ID_CONFLICT',
      message: expect.stringContaining('0 and 1'),
    });
  });

  test.each(['', 'a bus', 'arn:aws:events:us-east-1:000000000000:event-bus/x'])(
    'B17 the bus "%s" is refused, naming the setting',
    async (name) => {
      const here = { ...ambient(), env: { SPILLWAY_BUS: name, AWS_REGION: 'eu-west-1' } };
      await expect(publish(events(1), { ambient: here })).rejects.toMatchObject({
        code: 'EVT_BAD_BUS',
        path: 'SPILLWAY_BUS',
      });
    },
  );
});
