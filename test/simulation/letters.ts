/** Which dead letters a run must and may leave. */
import type { DeadLetter } from '../../functions/runtime/dead-letters.ts';
import type { Run } from './simulate.ts';
import { accepted, possible, type Said } from './workload.ts';

/** Notes what does not hold. */
export type Expect = (holds: boolean, what: string) => void;

/** How poison ends: at whom, and why. */
const ENDS: Partial<Record<Said['kind'], { consumers: string[]; code: string }>> = {
  sums: { consumers: ['checkout'], code: 'ORDER_TOTAL' },
  shape: { consumers: ['checkout'], code: 'EVT_SCHEMA' },
  text: { consumers: ['checkout'], code: 'BODY_NOT_JSON' },
  event: { consumers: ['payments', 'inventory'], code: 'EVT_SCHEMA' },
};

/** Poison is dead-lettered, with its reason; nothing else is. */
export function expectLetters({ said, found }: Run, expect: Expect): void {
  const isOf = (letter: DeadLetter, { kind, id, data }: Said) =>
    kind === 'text' ? letter.body === data : letter.reason.id === id;
  for (const one of said.filter(accepted))
    for (const consumer of ENDS[one.kind]?.consumers ?? []) {
      const sayings = said.filter((other) => other.id === one.id && accepted(other)).length;
      const letters = found.letters.filter(
        (letter) => letter.reason.consumer === consumer && isOf(letter, one),
      );
      expect(
        letters.length >= sayings,
        `I1 I6 poison: ${one.id}, said ${sayings} times, is ${letters.length} dead letters of ${consumer}`,
      );
    }
  const twice = new Set(said.filter((one) => isAmbiguous(one, said)).map(({ id }) => id));
  for (const letter of found.letters) {
    const { code, consumer, id = '?', receives, first, last } = letter.reason;
    const cause = said.find((one) => isOf(letter, one));
    const end = cause && ENDS[cause.kind];
    const due = end
      ? end.code === code && end.consumers.includes(consumer)
      : code === 'PAYLOAD_CONFLICT' && twice.has(id);
    const what = `${code} of ${cause?.id ?? id} at ${consumer} after ${receives} receives: ${letter.reason.message}`;
    expect(due, `I6 precision: ${what}`);
    expect(
      cause?.outcome !== 'rejected' || said.some((one) => one.id === id && possible(one)),
      `I4 rejected: ${what}`,
    );
    expect(
      first <= last && letter.reason.message !== '' && letter.origin === 'consumer',
      `I5 reason: ${what}`,
    );
  }
}

/** What can never succeed is tried once; again only where its dead letter could not be written. */
export function expectOneAttempt({ found }: Run, expect: Expect): void {
  const lines = found.logs.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Line);
  const unwritten = new Set(lines.filter(({ code }) => code === 'UNEXPECTED').map((line) => line.requestId));
  for (const { consumer, id, messageId, outcome, code, requestId } of lines)
    if (outcome === 'retry' && HOPELESS.has(code))
      expect(
        unwritten.has(requestId),
        `I6 precision: ${code} of ${id ?? messageId} was tried again by ${consumer}`,
      );
}

/** As functions log it. */
type Line = { [Field in 'consumer' | 'id' | 'messageId' | 'outcome' | 'code' | 'requestId']?: string };

const HOPELESS = new Set<string | undefined>([
  ...Object.values(ENDS).map(({ code }) => code),
  'PAYLOAD_CONFLICT',
]);

/** Its id was used for another payload too. */
const isAmbiguous = ({ id, data }: Said, said: readonly Said[]): boolean =>
  said.some((other) => other.id === id && JSON.stringify(other.data) !== JSON.stringify(data));
