import type { Server } from './server.ts';

/** By contestant, what each counted round measured. */
export type Results<Metric extends string> = Map<Server['name'], Record<Metric, number>[]>;

/**
 * One round to warm up and `count` that are counted. In each, every contestant has its turn, and the order turns around
 * from round to round, so that what else the machine does meets all of them.
 */
export async function rounds<Of extends { name: Server['name'] }, Metric extends string>(
  contestants: Of[],
  count: number,
  turn: (contestant: Of) => Promise<Record<Metric, number>>,
): Promise<Results<Metric>> {
  const results: Results<Metric> = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= count; round++)
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const measured = await turn(contestant);
      if (round > 0) results.get(contestant.name)!.push(measured);
    }
  return results;
}

/**
 * A row of the table: everybody's median, and the median of the ratios of ours to that of `to` in the same round.
 * @param wanted what the ratio should be
 */
export function row<Metric extends string>(
  what: string,
  results: Results<Metric>,
  metric: Metric,
  to: Server['name'],
  wanted: string,
) {
  const of = (name: Server['name']) => results.get(name)?.map((round) => round[metric]) ?? [];
  const ours = of('spillway');
  const medians = [...results.keys()].map((name) => [name, short(median(of(name)))] as const);
  const ratio = short(median(of(to).map((theirs, round) => ours[round]! / theirs)));
  return { what, ...Object.fromEntries(medians), [`to ${to}`]: ratio, wanted };
}

/** NaN of nothing. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}

/** Three digits. */
const short = (value: number): number => Number(value.toPrecision(3));
