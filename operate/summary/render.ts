import pc from 'picocolors';
import type { Summary } from './summary.ts';

/** The summary for a person; with `endpoint`, also how to go on. */
export function render(summary: Summary, endpoint?: string): string {
  return [
    ...sections(summary),
    ...verdict(summary),
    ...(endpoint === undefined ? [] : goingOn(endpoint)),
  ].join('\n');
}

function sections(summary: Summary): string[] {
  const { latencyMs: latency } = summary;
  return [
    heading('Orders'),
    row('read', count(summary.orders)),
    row('accepted', count(summary.accepted)),
    row(
      'refused',
      count(summary.refused.length),
      summary.refused
        .slice(0, 10)
        .map(({ line, orderId, reason }) => `line ${line}, ${orderId ?? 'order unknown'}: ${reason}`),
    ),
    row('shipped', count(summary.shipped)),
    row('cancelled and refunded', count(summary.cancelled)),
    heading('Messages'),
    ...Object.entries(summary.events).map(([type, number]) => row(type, count(number))),
    row('deliveries', count(summary.deliveries)),
    row('commits', count(summary.commits)),
    row('duplicates suppressed', count(summary.duplicatesSuppressed)),
    row('retries', count(summary.retries)),
    row(
      'dead letters',
      count(summary.deadLetters),
      Object.entries(summary.deadLettersByReason).map(([code, number]) => `${number} ${code}`),
    ),
    heading('Books (USD)'),
    row('ordered', money(summary.orderedTotal)),
    row('captured', money(summary.capturedTotal)),
    row('refunded', money(summary.refundedTotal)),
    row('revenue', money(summary.revenueTotal)),
    row('ledger debits', money(summary.ledgerDebits)),
    row('ledger credits', money(summary.ledgerCredits)),
    heading('Speed'),
    row('import', `${summary.seconds} s`),
    row('throughput', `${count(summary.ordersPerSecond)} orders/s`),
    row('accepted to shipped, p50', `${count(latency.p50)} ms`),
    row('accepted to shipped, p99', `${count(latency.p99)} ms`),
    row('of which, on average', '', [
      `waiting ${count(latency.waiting)} ms, transit ${count(latency.transit)} ms, processing ${count(latency.processing)} ms`,
    ]),
    row('memory, all processes', `${count(summary.maxRssMiB)} MiB`),
  ];
}

function verdict({ missing, refused, shipped, cancelled, balance }: Summary): string[] {
  if (missing.length > 0)
    return [
      '',
      pc.red(pc.bold('The books do not balance:')),
      ...missing.map((claim) => pc.red(`  ${claim}`)),
    ];
  const refusal = refused.length > 0 ? ` ${count(refused.length)} were refused; see above.` : '';
  return [
    '',
    pc.green(
      pc.bold(
        `The books balance: ${count(shipped + cancelled)} orders accounted for, a balance of ${balance}.`,
      ),
    ) + refusal,
  ];
}

const goingOn = (endpoint: string): string[] => [
  '',
  `The embedded AWS stays up on ${pc.bold(endpoint)}. In another terminal:`,
  '',
  `  export AWS_ENDPOINT_URL=${endpoint} AWS_ENDPOINT_URL_S3=${endpoint}`,
  '  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1',
  '  npx spillway emit order.place --file docs/examples/order.place.json',
  '  npx spillway status        # what waits, what failed, which alarms are raised',
  '  npx spillway import        # the same orders again: nothing takes effect twice',
  '',
  'Ctrl-C ends it.',
];

const heading = (text: string): string => `\n${pc.bold(text)}`;

/** Name, number right-aligned, and what belongs to it below. */
const row = (name: string, value: string, details: string[] = []): string =>
  [`  ${name.padEnd(26)}${value.padStart(18)}`, ...details.map((detail) => `    ${pc.dim(detail)}`)].join(
    '\n',
  );

const count = (number: number): string => number.toLocaleString('en-US');

/** `2297200.8603` as `2,297,200.8603`. */
const money = (amount: string): string => amount.replace(/\B(?=(\d{3})+(?=\.))/g, ',');
