import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Aws } from '../../../operate/aws.ts';
import { lettersIn } from '../../../operate/letters/letter.ts';
import { purge } from '../../../operate/letters/purge.ts';
import { counter, Strict } from '../../runtime/counter.ts';
import { startRig, type Rig } from '../../runtime/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ fifo: true });
});
afterEach(() => rig.stop());

const put = (amount: number) =>
  rig.put(Strict({ account: 'a', amount }, { id: `a${amount}` }), { group: 'a', id: `a${amount}` });

/** Purges these of the dead letters. */
async function purged(...ids: string[]): Promise<number> {
  const aws: Aws = (Class) => rig.aws.client(Class);
  const queue = {
    owner: 'consumer',
    kind: 'commands' as const,
    url: rig.deadLetters.url,
    remembers: true,
    parkedIn: 'table',
  };
  const { letters } = await lettersIn(aws, queue);
  const chosen = letters.filter(({ reason }) => ids.includes(reason.id!));
  const result = await purge(aws, chosen, { stopped: () => false, onPurged: () => {} });
  return result.purged;
}

test('a key whose dead letters are purged goes on; until then it does not', async () => {
  for (const amount of [-1, 2]) await put(amount);
  await rig.poll(counter(rig));
  expect(await purged('a2')).toBe(1);
  await put(3);
  await rig.poll(counter(rig));
  expect(await rig.stateOf('a')).toBeUndefined();
  expect(await purged('a-1', 'a3')).toBe(2);
  await put(4);
  await rig.poll(counter(rig));
  expect(await rig.stateOf('a')).toMatchObject({ seen: [4] });
});
