import { afterEach, beforeEach, expect, test } from 'vitest';
import { publish } from '../../functions/runtime/publish.ts';
import { Counted } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { caught, intercepted } from './rig.ts';

let rig: RelayRig;
beforeEach(async () => {
  rig = await startRelayRig();
});
afterEach(() => rig.stop());

const counted = (id: string, sum = 1) => Counted({ account: 'a', sum }, { id });

/** The bus, refusing one of the events for good. */
const refusing = (id: string) =>
  intercepted(rig.eventbridge, async (_, next, input: { Entries: { Detail: string }[] }) => {
    const at = input.Entries.findIndex(({ Detail }) => JSON.parse(Detail).id === id);
    if (at < 0) return next();
    const [refused] = input.Entries.splice(at, 1);
    const { Entries } = (await next()) as { Entries: object[] };
    input.Entries.splice(at, 0, refused!);
    return { Entries: Entries.toSpliced(at, 0, { ErrorCode: 'MalformedDetail' }) };
  });

test('I4 what the bus refused is called rejected, is nowhere, and takes nothing else along', async () => {
  const events = ['one', 'two', 'three'].map((id) => counted(id));
  const options = { ambient: rig.ambient, bus: 'bus', eventbridge: refusing('two') };
  const error = await caught(publish(events, options));
  expect(error.rejected).toEqual([{ index: 1, id: 'two', code: 'MalformedDetail' }]);
  expect(error.indeterminate).toEqual([]);
  expect((await rig.arrived()).map(({ id }) => id).toSorted()).toEqual(['one', 'three']);
  await rig.aws.advance('1d');
  expect(await rig.arrived()).toEqual([]);
});

test('I4 what is refused before it is sent takes the whole call along, and nothing is anywhere', async () => {
  const events = [counted('one'), { ...counted('two'), time: '2026-02-30T00:00:00Z' }];
  const options = { ambient: rig.ambient, bus: 'bus', eventbridge: rig.eventbridge };
  await expect(publish(events, options)).rejects.toMatchObject({ code: 'EVT_BAD_TIME' });
  expect(await rig.arrived()).toEqual([]);
});
