import { jitter, sleep, type Ambient } from '../ambient.ts';
import { callFailure, isPermanent, NOT_SENT, type Result } from './failures.ts';
import { pack } from './packing.ts';

export interface Sending<Entry> {
  /** One call. The codes of the entries that failed, in their order; undefined for those accepted. */
  call(entries: Entry[]): Promise<(string | undefined)[]>;
  /** Most entries, and most bytes, of a call. */
  count: number;
  bytes: number;
  sizeOf(entry: Entry): number;
  /** Milliseconds since 1970 after which no call is begun, other than the first ones. */
  until: number;
  ambient: Ambient;
}

/** Calls under way at the same time. */
const SIDE_BY_SIDE = 8;

/** Sends entries in packed calls and tries the failed ones again, and only those, with full jitter. A result for each, in order. */
export async function attempt<Entry>(entries: readonly Entry[], sending: Sending<Entry>): Promise<Result[]> {
  const { until, ambient } = sending;
  const results: Result[] = Array.from(entries, () => NOT_SENT);
  const ambiguous = new Set<number>();
  let open = [...entries.keys()];
  for (let round = 1; open.length > 0; round++) {
    if (round > 1) {
      const wait = jitter(ambient.random, round - 1, 50, 2_000);
      if (ambient.now() + wait >= until) break;
      await sleep(ambient, wait);
    }
    await callSideBySide(open, entries, sending, results, ambiguous);
    open = open.filter((i) => {
      const result = results[i]!;
      return result.kind !== 'accepted' && !result.permanent;
    });
  }
  return results.map((result, i) =>
    result.kind === 'rejected' && ambiguous.has(i) ? { ...result, kind: 'indeterminate' } : result,
  );
}

async function callSideBySide<Entry>(
  open: readonly number[],
  entries: readonly Entry[],
  { call, count, bytes, sizeOf, until, ambient }: Sending<Entry>,
  results: Result[],
  ambiguous: Set<number>,
): Promise<void> {
  const packs = pack(open, { count, bytes, sizeOf: (i) => sizeOf(entries[i]!) });
  const one = async (indexes: number[]) => {
    try {
      const codes = await call(indexes.map((i) => entries[i]!));
      indexes.forEach((i, n) => (results[i] = resultOf(codes[n])));
    } catch (error) {
      const failure = callFailure(error);
      for (const i of indexes) {
        results[i] = resultOf(failure.code);
        if (failure.ambiguous) ambiguous.add(i);
      }
    }
  };
  for (let i = 0; i < packs.length && (i === 0 || ambient.now() < until); i += SIDE_BY_SIDE)
    await Promise.all(packs.slice(i, i + SIDE_BY_SIDE).map(one));
}

const resultOf = (code: string | undefined): Result =>
  code === undefined ? { kind: 'accepted' } : { kind: 'rejected', code, permanent: isPermanent(code) };
