import { formatUsd } from '../../functions/contracts/money.ts';
import type { Backlog } from '../backlog.ts';
import type { Imported } from '../import.ts';
import type { Books } from './books.ts';
import type { Traffic } from './way.ts';

/** What became of an import: one object for `--json`, and the source of what a person reads. Amounts are exact decimals. */
export interface Summary {
  /** Orders that were read, refused ones included. */
  orders: number;
  /** Commands that the queue took. */
  accepted: number;
  /** Orders that were not sent because a line of theirs is wrong. */
  refused: Imported['refused'];
  shipped: number;
  cancelled: number;
  deadLetters: number;
  /** By the reason's code; NO_REASON where only SQS moved the message. */
  deadLettersByReason: Record<string, number>;
  duplicatesSuppressed: number;
  retries: number;
  /** Messages handed to consumers, repeated ones included. */
  deliveries: number;
  commits: number;
  /** Events and commands that consumers took in, by type. */
  events: Record<string, number>;
  orderedTotal: string;
  capturedTotal: string;
  refundedTotal: string;
  /** What the ledger has earned: captured less refunded. */
  revenueTotal: string;
  ledgerDebits: string;
  ledgerCredits: string;
  /** Captured, less refunded, less earned: 0.0000 when the books balance. */
  balance: string;
  /** From the first order sent until nothing was under way any more. */
  seconds: number;
  ordersPerSecond: number;
  /** From accepted to shipped; the parts are means over shipped orders, summed along the way of each. */
  latencyMs: { p50: number; p99: number; waiting: number; transit: number; processing: number };
  /** This process and all it started, at the worst moment. */
  maxRssMiB: number;
  /** What does not add up; empty when every order is accounted for and the books balance. */
  missing: string[];
}

export interface Findings {
  imported: Imported;
  books: Books;
  traffic: Traffic;
  backlog: Backlog;
  seconds: number;
  maxRssMiB: number;
}

export function summarize(findings: Findings): Summary {
  const { imported, books, traffic, backlog, seconds, maxRssMiB } = findings;
  const deadLetters = Object.values(backlog.deadLetters).reduce((sum, count) => sum + count, 0);
  const explained = Object.values(traffic.deadLetters).reduce((sum, count) => sum + count, 0);
  const { waiting, transit, processing } = traffic.parts;
  return {
    orders: imported.orders,
    accepted: imported.accepted,
    refused: imported.refused,
    shipped: books.shipped,
    cancelled: books.cancelled,
    deadLetters,
    deadLettersByReason: {
      ...traffic.deadLetters,
      ...(deadLetters > explained ? { NO_REASON: deadLetters - explained } : {}),
    },
    duplicatesSuppressed: traffic.duplicates,
    retries: traffic.retries,
    deliveries: traffic.deliveries,
    commits: traffic.commits,
    events: traffic.events,
    orderedTotal: formatUsd(books.ordered),
    capturedTotal: formatUsd(books.captured),
    refundedTotal: formatUsd(books.refunded),
    revenueTotal: formatUsd(books.revenue),
    ledgerDebits: formatUsd(books.debits),
    ledgerCredits: formatUsd(books.credits),
    balance: formatUsd(books.captured - books.refunded - books.revenue),
    seconds: Math.round(seconds * 10) / 10,
    ordersPerSecond: Math.round(imported.accepted / seconds),
    latencyMs: {
      p50: percentile(books.latencies, 0.5),
      p99: percentile(books.latencies, 0.99),
      waiting: Math.round(waiting),
      transit: Math.round(transit),
      processing: Math.round(processing),
    },
    maxRssMiB,
    missing: missingFrom(findings, deadLetters),
  };
}

/** Every way in which an order, or money, could have gone astray. */
function missingFrom({ imported, books, backlog }: Findings, deadLetters: number): string[] {
  const unclosed = imported.accepted - books.shipped - books.cancelled;
  const claims: [boolean, string][] = [
    [
      books.placed === imported.accepted,
      `${imported.accepted} orders were accepted, ${books.placed} are placed`,
    ],
    [unclosed === 0, `${unclosed} orders are neither shipped nor cancelled`],
    [
      backlog.queued + backlog.unpublished === 0,
      `${backlog.queued} messages and ${backlog.unpublished} outbox rows are still under way`,
    ],
    [deadLetters === 0, `${deadLetters} dead letters wait to be repaired`],
    [
      books.debits === books.credits,
      `the ledger's debits are ${formatUsd(books.debits)}, its credits ${formatUsd(books.credits)}`,
    ],
    [books.deposits === 0, `customers are still owed ${formatUsd(books.deposits)}`],
    [
      books.revenue === books.captured - books.refunded,
      `the ledger earned ${formatUsd(books.revenue)}, payments took ${formatUsd(books.captured - books.refunded)}`,
    ],
  ];
  return claims.filter(([holds]) => !holds).map(([, claim]) => claim);
}

/** Of ascending numbers: the smallest that at least `share` of them do not exceed; 0 of none. */
const percentile = (ascending: number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? 0;
