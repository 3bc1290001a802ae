import { expect, test } from 'vitest';
import { virtualClock } from '../../local/clock.ts';

/** Something that takes this many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

test.each([0, 1, 10, 200])(
  'real work that takes %i turns ends when all else is still, in the order in which it was begun',
  async (long) => {
    const clock = virtualClock();
    const happened: string[] = [];
    const tell = (what: string) => () => happened.push(what);
    void clock.hold(turns(long)).then(tell('first'));
    void clock.hold(turns(3)).then(tell('second'));
    void turns(5).then(tell('virtual'));
    clock.after(1, tell('later'));
    await clock.advance(1);
    expect(happened).toEqual(['virtual', 'first', 'second', 'later']);
  },
);

test.each([40, 41, 42, 43])(
  'what follows from real work of %i turns happens before time passes (I14)',
  async (long) => {
    const clock = virtualClock();
    const happened: string[] = [];
    const tell = (what: string) => () => happened.push(what);
    void clock
      .hold(turns(long))
      .then(() => turns(3))
      .then(tell('what follows'));
    clock.after(1, tell('later'));
    await clock.advance(1);
    expect(happened).toEqual(['what follows', 'later']);
  },
);

test('real work that fails holds up nothing', async () => {
  const clock = virtualClock();
  await expect(clock.hold(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(clock.hold(Promise.resolve(1))).resolves.toBe(1);
  await clock.advance(1);
});
