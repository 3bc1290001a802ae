import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { Permanent } from '../../functions/runtime/errors.ts';
import { Add, Counted, Strict, Tell } from './counter.ts';
import { startRig, type Rig } from './rig.ts';

test('a batch leaves what its records would leave one by one', async () => {
  const account = fc.constantFrom('a', 'b', 'c');
  const message = fc.record({ account, amount: fc.constantFrom(-1, 0, 1, 2, 7, 13), id: fc.nat(9) });
  const contract = fc.constantFrom(Add, Strict);
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 2, maxLength: 10 }),
      contract,
      fc.boolean(),
      async (messages, contract, fifo) => {
        const bodies = messages.map(({ id, ...data }) =>
          contract(data, { id: `${data.account}${id}`, time: '2030-01-01T00:00:00.000Z' }),
        );
        const left: unknown[] = [];
        for (const size of [1, 10]) {
          const rig = await startRig({ fifo, maxReceives: 1 });
          for (let i = 0; i < bodies.length; i += size) {
            for (const body of bodies.slice(i, i + size)) await rig.put(body, { group: body.partitionkey! });
            expect(await rig.poll(transfer(rig))).toEqual([]);
          }
          left.push(await remains(rig));
          await rig.stop();
        }
        expect(left[1]).toEqual(left[0]);
      },
    ),
    { numRuns: 15 },
  );
}, 60_000);

/** From an account to a bank, with and without effects, and failing on some. */
const transfer = (collaborators: Rig) =>
  consume(
    [Add, Strict],
    {
      key: ({ data: { account, amount } }) => (amount === 7 ? [account, 'bank'] : [account]),
      decide: ([own = 0, bank = 0]: readonly (number | undefined)[], { data: { account, amount } }) => {
        if (amount < 0 || own > 10) throw new Permanent('no');
        if (amount === 13) throw new Error('bad luck');
        if (amount === 0) return undefined;
        return {
          state: amount === 7 ? [own + amount, bank - amount] : [own + amount],
          publish: [Counted({ account, sum: own + amount })],
          send: amount === 2 ? [Tell({ account })] : [],
        };
      },
    },
    collaborators,
  );

/** The table without when, what its outbox holds whatever the rows, and the dead letters. */
async function remains(rig: Rig): Promise<unknown> {
  const all = await rig.rows('');
  const rows = all.filter(({ entries }) => !entries).map(({ at: _at, ...row }) => row);
  const outbox = all.flatMap(({ entries, kind, pending }) =>
    (JSON.parse(entries?.S ?? '[]') as CloudEvent[]).map(({ time: _time, ...event }) => ({
      kind,
      pending,
      event,
    })),
  );
  const dead = (await rig.dead()).map(({ reason: { id, code }, attributes }) => ({
    order: attributes.MessageGroupId ?? `${id} ${code}`,
    id,
    code,
  }));
  return {
    rows: rows.sort(by(({ pk }) => pk!.S!)),
    outbox: outbox.sort(by(({ event }) => event.id)),
    dead: dead.sort(by(({ order }) => order)),
  };
}

const by =
  <T>(text: (one: T) => string) =>
  (a: T, b: T) =>
    text(a).localeCompare(text(b));
