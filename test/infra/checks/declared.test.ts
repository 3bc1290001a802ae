import { describe, expect, it } from 'vitest';
import type { DeclaredConsumer } from '../../../infra/checks/check.ts';
import { cyclesAreBroken } from '../../../infra/checks/cycles-are-broken.ts';
import { messagesHaveListeners } from '../../../infra/checks/messages-have-listeners.ts';
import { findings } from './sound.ts';

const consumer = (name: string, on: string[], says: Partial<DeclaredConsumer> = {}): DeclaredConsumer => ({
  name,
  function: `${name}Function`,
  on,
  publishes: [],
  sends: [],
  breaksCycle: false,
  ...says,
});

describe('messages have listeners (F11)', () => {
  const found = (consumers: DeclaredConsumer[], heardElsewhere: string[] = []) =>
    findings(messagesHaveListeners, ({ pipeline }) =>
      Object.assign(pipeline, { consumers, heardElsewhere }),
    ).map(({ problem }) => problem);
  const payments = consumer('payments', ['order.placed']);

  it('an event that nobody listens to, with the nearest that somebody does', () => {
    expect(found([payments, consumer('checkout', [], { publishes: ['order.place'] })])).toEqual([
      'nobody listens to order.place, which checkout publishes; did you mean order.placed?',
    ]);
  });
  it('a command that nobody takes', () => {
    expect(found([payments, consumer('checkout', [], { sends: ['refund'] })])).toEqual([
      'nobody listens to refund, which checkout sends',
    ]);
  });
  it('but not an event that others listen to', () => {
    expect(found([consumer('shipping', [], { publishes: ['order.shipped'] })], ['order.shipped'])).toEqual(
      [],
    );
  });
});

describe('cycles are broken (F21, B76)', () => {
  const found = (...consumers: DeclaredConsumer[]) =>
    findings(cyclesAreBroken, ({ pipeline }) => Object.assign(pipeline, { consumers })).map(
      ({ problem }) => problem,
    );

  it('a consumer that listens to what it publishes', () => {
    expect(found(consumer('echo', ['said'], { publishes: ['said'] }))).toEqual([
      'messages go round: echo → echo',
    ]);
  });
  it('a way round through events and commands', () => {
    const way = [
      consumer('start', [], { publishes: ['a'] }),
      consumer('first', ['a', 'c'], { publishes: ['b'] }),
      consumer('second', ['b'], { sends: ['c'] }),
    ];
    expect(found(...way)).toEqual(['messages go round: first → second → first']);
  });
  it('but not one that ends at a consumer that says so', () => {
    expect(found(consumer('echo', ['said'], { publishes: ['said'], breaksCycle: true }))).toEqual([]);
  });
  it('but not one of many ways on, which would take for ever one by one', () => {
    const types = Array.from({ length: 40 }, (_, i) => `t${i}`);
    const chain = types.map((type, i) => consumer(type, types.slice(0, i), { publishes: [type] }));
    expect(found(...chain)).toEqual([]);
  });
  it('but not two ways that meet', () => {
    expect(
      found(
        consumer('order', [], { publishes: ['a'] }),
        consumer('left', ['a'], { publishes: ['b'] }),
        consumer('right', ['a'], { publishes: ['c'] }),
        consumer('join', ['b', 'c']),
      ),
    ).toEqual([]);
  });
});
