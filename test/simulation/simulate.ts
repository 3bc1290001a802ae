/** One run of the whole shop: a storm, calm, days, a second storm over the same events, calm. Everything from the seed. */
import { createHash } from 'node:crypto';
import { startLocal } from '../../local/index.ts';
import { seeded } from '../../local/random.ts';
import { discover } from '../../operate/discovery.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { gather, statesOf, type Evidence } from './evidence.ts';
import { eavesdrop, operatorOf, type Operator } from './operator.ts';
import { weather } from './weather.ts';
import { one, say, workload, type Said } from './workload.ts';

export interface Run {
  seed: number;
  said: Said[];
  /** Aggregates of all consumers after the first calm. */
  before: Evidence['states'];
  found: Evidence;
  /** Virtual minutes that each calm took; infinite when something was still under way at its end. */
  calms: number[];
  /** Hash of everything that happened, in order. */
  trace: string;
}

const STORM_MS = 5 * 60_000;

/** Faults have ceased: what then still takes longer than this never ends. */
const CALM_MINUTES = 240;

/** @param assembly the folder of the shop's cloud assembly */
export async function simulate(seed: number, assembly: string): Promise<Run> {
  const local = await startLocal({ region: 'us-east-1', seed });
  const trace = createHash('sha256');
  local.world.activity.listen((happening) => void trace.update(JSON.stringify(happening)));
  await local.deploy(assembly);
  const discovered = await discover(awsOf(local));
  const everything = await eavesdrop(local, discovered);
  const operator = operatorOf(local, discovered);
  const random = seeded(seed);
  const said: Said[] = [];
  const calms: number[] = [];

  const storm = async (sayings: Said[]) => {
    const { clock, faults } = local.world;
    faults.set(weather(random.integer(0, 1e9), STORM_MS));
    said.push(...sayings);
    const saying = sayings.map((one) => later(one.at, () => say(one, local, discovered)));
    const doing = Array.from({ length: random.integer(0, 3) }, () =>
      later(random.integer(0, STORM_MS), () => operator[one(DEEDS, random)](random).catch(() => {})),
    );
    await local.advance(STORM_MS);
    await clock.until(Promise.all([...saying, ...doing]));
    faults.set([]);
    await operator.resume();
    calms.push(await operator.settle(CALM_MINUTES));
  };
  const later = (at: number, run: () => Promise<void>) =>
    new Promise<void>((done) => local.world.clock.after(at, () => void run().then(done)));

  try {
    await storm(workload(random.integer(0, 1e9), STORM_MS));
    const before = await statesOf(local, discovered);
    await operator.idle(`${random.integer(0, 9)}d`);
    await storm(repeated(said, random));
    return {
      seed,
      said,
      before,
      found: await gather(local, discovered, everything),
      calms,
      trace: trace.digest('hex'),
    };
  } finally {
    await local.stop();
  }
}

type Random = ReturnType<typeof seeded>;

const DEEDS: readonly ('replay' | 'redrive' | 'pause')[] = [
  'replay',
  'redrive',
  'pause',
] satisfies (keyof Operator)[];

/** Some of what was said once more, as it was. */
const repeated = (said: readonly Said[], random: Random): Said[] =>
  said
    .filter(() => random.next() < 0.25)
    .map(({ kind, id, data }) => ({ kind, id, data, at: random.integer(0, STORM_MS) }));
