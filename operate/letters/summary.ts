import { counted, harmless, table } from '../table.ts';
import { roughly } from '../moment.ts';
import type { Letter } from './letter.ts';
import { isFifo } from './queues.ts';
import type { Plan } from './transfer.ts';

/** Letters that are alike: one owner, one queue, one type, one reason. */
export interface Group {
  consumer: string;
  queue: string;
  /** @default it could not be read */
  type?: string;
  reason: string;
  letters: number;
  /** RFC 3339: when the oldest was given up. */
  oldest: string;
}

/** In the order of owners and queues, the most numerous first. */
export function groupsOf(letters: readonly Letter[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { queue, reason } of letters) {
    const { type, code, last } = reason;
    const key = JSON.stringify([queue.url, type, code]);
    const group = groups.get(key) ?? {
      consumer: queue.owner,
      queue: queue.kind,
      ...(type !== undefined && { type }),
      reason: code,
      letters: 0,
      oldest: last,
    };
    group.letters++;
    if (last < group.oldest) group.oldest = last;
    groups.set(key, group);
  }
  return [...groups.values()];
}

export const renderGroups = (groups: readonly Group[], now: number): string =>
  table(
    ['CONSUMER', 'QUEUE', 'TYPE', 'REASON', 'LETTERS', 'OLDEST'],
    groups.map(({ consumer, queue, type = '–', reason, letters, oldest }) => [
      consumer,
      queue,
      type,
      reason,
      letters,
      roughly(now - Date.parse(oldest)),
    ]),
  );

/** What a redrive would do, before it is asked for. */
export function renderPlan({ transfers, staying }: Plan, journalled: number): string {
  const rows = transfers.flatMap(({ queue, letters, by }) =>
    groupsOf(letters).map((group) => [
      group.consumer,
      group.queue,
      group.type ?? '–',
      group.reason,
      group.letters,
      isFifo(queue.backTo) ? 'commands' : queue.owner === 'unrouted' ? 'unrouted' : 'events',
      by === 'sqs' ? 'SQS' : 'one by one',
    ]),
  );
  const behind = transfers.reduce((sum, transfer) => sum + transfer.behind, 0);
  return [
    table(['CONSUMER', 'FROM', 'TYPE', 'REASON', 'LETTERS', 'TO', 'MOVED BY'], rows),
    ...(behind > 0
      ? [`  ${counted(behind, 'letter')} behind these cannot be looked at before they are gone.`]
      : []),
    ...(staying.length > 0
      ? [`  ${counted(staying.length, 'letter')} more cannot be sent on, and stay: see "spillway dlq show".`]
      : []),
    ...(journalled > 0
      ? [
          `  ${counted(journalled, 'letter')} of these were sent on before an interruption, and are deleted only.`,
        ]
      : []),
  ].join('\n');
}

/** What a command did not come to. */
export const renderBehind = (behind: number): string =>
  `${counted(behind, 'letter')} could not be looked at behind these; the same command goes on.`;

/** Letters one by one, and at the end what each reason asks for. */
export function renderLetters(letters: readonly Letter[], now: number): string {
  const hints = new Map(letters.map(({ reason }) => [reason.code, reason.hint]));
  const wide = Math.max(...[...hints.keys()].map((code) => code.length));
  return [
    ...letters.map((letter) => renderLetter(letter, now)),
    'What to do',
    ...[...hints].map(([code, hint]) => harmless(`  ${code.padEnd(wide)}  ${hint}`)),
  ].join('\n');
}

function renderLetter({ queue, reason, body }: Letter, now: number): string {
  const { code, message, path, type = 'unreadable', version, id, attempts, receives, deadLettered } = reason;
  const times = [
    attempts > 0 ? counted(attempts, 'attempt') : undefined,
    receives > 0 ? counted(receives, 'receive') : undefined,
    deadLettered > 1 ? `dead-lettered ${deadLettered} times, first ${reason.first}` : undefined,
  ].filter((part) => part !== undefined);
  return [
    `${queue.owner} ${queue.kind}  ${type}${version === undefined ? '' : ` v${version}`}  ${id ?? `message ${reason.messageId}`}`,
    `  ${code}${path === undefined ? '' : ` at ${path}`}: ${message}`,
    `  given up ${reason.last}, ${roughly(now - Date.parse(reason.last))} ago${times.map((time) => `, ${time}`).join('')}`,
    ...(body === undefined ? [] : [`  ${body}`]),
    '',
  ]
    .map(harmless)
    .join('\n');
}
