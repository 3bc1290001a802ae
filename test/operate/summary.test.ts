import { describe, expect, test } from 'vitest';
import { OperateError } from '../../operate/errors.ts';
import type { RecordLine } from '../../operate/records.ts';
import { render } from '../../operate/summary/render.ts';
import { summarize, type Findings } from '../../operate/summary/summary.ts';
import { readTraffic } from '../../operate/summary/way.ts';

const balanced: Findings = {
  imported: { orders: 3, accepted: 3, refused: [] },
  books: {
    placed: 3,
    ordered: 30_000,
    captured: 30_000,
    refunded: 10_001,
    debits: 60_000,
    credits: 60_000,
    deposits: 0,
    revenue: 19_999,
    shipped: 2,
    cancelled: 1,
    open: 0,
    latencies: [10, 20],
  },
  traffic: {
    deliveries: 21,
    commits: 20,
    duplicates: 1,
    retries: 0,
    events: { 'order.place': 3 },
    deadLetters: {},
    parts: { waiting: 1, transit: 2, processing: 3 },
  },
  backlog: { queued: 0, unpublished: 0, deadLetters: {} },
  seconds: 2,
  maxRssMiB: 100,
};

describe('the summary', () => {
  test('gives amounts as exact decimals and misses nothing when all adds up', () => {
    expect(summarize(balanced)).toMatchObject({
      orderedTotal: '3.0000',
      refundedTotal: '1.0001',
      revenueTotal: '1.9999',
      balance: '0.0000',
      latencyMs: { p50: 10, p99: 20 },
      ordersPerSecond: 2,
      missing: [],
    });
  });

  test.each([
    ['an order that was never placed', { books: { ...balanced.books, placed: 2 } }, /2 are placed/],
    [
      'an order that is still open',
      { books: { ...balanced.books, shipped: 1, open: 1 } },
      /neither shipped nor cancelled/,
    ],
    ['a message under way', { backlog: { ...balanced.backlog, queued: 1 } }, /under way/],
    ['an outbox row that was not published', { backlog: { ...balanced.backlog, unpublished: 1 } }, /outbox/],
    ['a dead letter', { backlog: { ...balanced.backlog, deadLetters: { url: 1 } } }, /1 dead letters/],
    ['debits that are not credits', { books: { ...balanced.books, debits: 1 } }, /debits/],
    ['money that is owed', { books: { ...balanced.books, deposits: 5 } }, /owed/],
    ['revenue that nobody paid', { books: { ...balanced.books, revenue: 1 } }, /earned/],
  ])('names %s', (_what, change, claim) => {
    const { missing } = summarize({ ...balanced, ...change });
    expect(missing.join('\n')).toMatch(claim);
  });

  test('counts a dead letter that only SQS moved as one without a reason', () => {
    const summary = summarize({
      ...balanced,
      traffic: { ...balanced.traffic, deadLetters: { EVT_SCHEMA: 1 } },
      backlog: { ...balanced.backlog, deadLetters: { a: 2, b: 1 } },
    });
    expect(summary.deadLettersByReason).toEqual({ EVT_SCHEMA: 1, NO_REASON: 2 });
  });

  test('is told to a person with thousands separated, refusals named, and how to go on', () => {
    const text = render(
      {
        ...summarize(balanced),
        orderedTotal: '2297200.8603',
        refused: [{ orderId: 'CA-1', line: 7, reason: 'Quantity must be at least 1' }],
      },
      'http://127.0.0.1:4566',
    );
    expect(text).toContain('2,297,200.8603');
    expect(text).toContain('line 7, CA-1: Quantity must be at least 1');
    expect(text).toContain('AWS_ENDPOINT_URL=http://127.0.0.1:4566');
  });
});

describe('the parts of latency', () => {
  const at = (ms: number) => new Date(Date.UTC(2030, 0, 1) + ms).toISOString();
  const line = (fields: Partial<RecordLine>): RecordLine => ({
    at: at(0),
    consumer: 'checkout',
    outcome: 'committed',
    waiting: 0,
    transit: 0,
    processing: 0,
    ...fields,
  });
  async function* lines(...all: RecordLine[]) {
    yield* all;
  }

  test('are summed along the messages that led to the shipping, and no others', async () => {
    const traffic = await readTraffic(
      lines(
        line({
          id: 'c',
          at: at(10),
          type: 'order.place',
          waiting: 1,
          transit: 4,
          processing: 5,
          published: 1,
        }),
        line({
          consumer: 'inventory',
          id: 'p',
          causationid: 'c',
          at: at(20),
          type: 'order.placed',
          waiting: 100,
          published: 1,
        }),
        line({
          consumer: 'payments',
          id: 'p',
          causationid: 'c',
          at: at(60),
          type: 'order.placed',
          waiting: 2,
          transit: 20,
          processing: 18,
          published: 1,
        }),
        line({
          consumer: 'shipping',
          id: 's',
          causationid: 'p',
          correlationid: 'c',
          at: at(40),
          type: 'stock.reserved',
          waiting: 7,
          transit: 3,
          processing: 10,
          published: 0,
        }),
        line({
          consumer: 'shipping',
          id: 'm',
          causationid: 'p',
          correlationid: 'c',
          at: at(100),
          type: 'payment.captured',
          waiting: 10,
          transit: 20,
          processing: 10,
          published: 1,
        }),
      ),
    );
    expect(traffic.parts).toEqual({ waiting: 1 + 2 + 10, transit: 4 + 20 + 20, processing: 5 + 18 + 10 });
    expect(traffic.events).toEqual({
      'order.place': 1,
      'order.placed': 1,
      'stock.reserved': 1,
      'payment.captured': 1,
    });
  });

  test('duplicates, retries and dead letters are counted by what became of each delivery', async () => {
    const traffic = await readTraffic(
      lines(
        line({ id: '1' }),
        line({ id: '1', outcome: 'duplicate' }),
        line({ id: '2', outcome: 'retry', code: 'X' }),
        line({ id: '3', outcome: 'dead-lettered', code: 'EVT_SCHEMA' }),
      ),
    );
    expect(traffic).toMatchObject({
      deliveries: 4,
      commits: 1,
      duplicates: 1,
      retries: 1,
      deadLetters: { EVT_SCHEMA: 1 },
    });
  });
});

test('an error is one line with its code and what to do', () => {
  expect(new OperateError('PORT_IN_USE', 'Port 4566 is taken').line).toBe(
    'spillway: PORT_IN_USE: Port 4566 is taken. Choose another with --port, or end the process that has it.',
  );
});
