import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import pc from 'picocolors';
import { awsOf } from './aws-of-local.ts';
import type { Aws } from '../aws.ts';
import { backlog, messagesUnderWay } from '../backlog.ts';
import { discover, type Discovered } from '../discovery.ts';
import { EXIT, OperateError } from '../errors.ts';
import { importOrders, type Imported } from '../import.ts';
import { refuseNoOrders } from '../orders/read.ts';
import { progress } from '../progress.ts';
import { recordLines } from '../records.ts';
import { closedOrders, readBooks } from '../summary/books.ts';
import { render } from '../summary/render.ts';
import { summarize, type Summary } from '../summary/summary.ts';
import { readTraffic } from '../summary/way.ts';
import { watchMemory } from './memory.ts';
import { serve, type Served } from './serve.ts';
import { synth } from './synth.ts';
import { untilInterrupted } from '../interrupted.ts';

export interface UpOptions {
  /** A file like superstore.csv. */
  file: string;
  limit?: number | undefined;
  port: number;
  /** Ends by itself when the books are done. */
  exit: boolean;
  /** One JSON object on standard output; everything else goes to standard error. */
  json: boolean;
}

/** Synthesizes, starts the embedded AWS, deploys, imports, waits for every delivery, and adds up. Resolves with the exit code. */
export async function up(options: UpOptions): Promise<number> {
  await refuseNoOrders(options.file);
  const memory = watchMemory();
  say(pc.dim('Synthesizing the CDK app and starting the embedded AWS …'));
  const [assembly, served] = await both(
    synth({ region: REGION }),
    serve({ port: options.port, region: REGION, otherPortWillDo: true }),
  );
  try {
    if (options.port !== 0 && !served.endpoint.endsWith(`:${options.port}`))
      say(`Port ${options.port} is taken; using ${served.endpoint}.`);
    say(pc.dim(`Deploying to ${served.endpoint} …`));
    await deployed(served, assembly);
    const aws = awsOf(served.local);
    const discovered = await discover(aws);
    const summary = await imported(aws, discovered, options, memory);
    const interrupted = options.exit ? undefined : untilInterrupted(); // before anybody can read that Ctrl-C ends it
    if (options.json) console.log(JSON.stringify(summary));
    else console.log(render(summary, options.exit ? undefined : served.endpoint));
    await interrupted;
    return exitOf(summary);
  } finally {
    await served.local.stop();
  }
}

const REGION = 'us-east-1';

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Both, or neither left running. */
async function both(assembly: Promise<string>, served: Promise<Served>): Promise<[string, Served]> {
  const [first, second] = await Promise.allSettled([assembly, served]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  if (second.status === 'fulfilled') await second.value.local.stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

async function deployed({ local }: Served, assembly: string): Promise<void> {
  try {
    await local.deploy(assembly);
  } catch (error) {
    throw new OperateError('DEPLOY_FAILED', (error as Error).message.split('\n')[0]!);
  }
}

async function imported(
  aws: Aws,
  discovered: Discovered,
  { file, limit }: UpOptions,
  memory: ReturnType<typeof watchMemory>,
): Promise<Summary> {
  const began = performance.now();
  const since = Date.now();
  const bar = progress('orders shipped or cancelled', limit ?? (await ordersIn(file)));
  const ticking = setInterval(() => void closedOrders(aws, discovered).then(bar.at, () => {}), TICK_MS);
  let imported: Imported;
  let seconds: number;
  try {
    imported = await importOrders(aws, discovered, { file, limit });
    bar.outOf(imported.accepted);
    await untilDone(aws, discovered, imported);
    seconds = (performance.now() - began) / 1000;
    bar.at(await closedOrders(aws, discovered));
  } finally {
    clearInterval(ticking);
    bar.stop();
  }
  return summarize({
    imported,
    seconds,
    books: await readBooks(aws, discovered),
    traffic: await readTraffic(recordLines(aws, discovered, since)),
    backlog: await backlog(aws, discovered, Date.now()),
    maxRssMiB: await memory.stop(),
  });
}

/** Between two looks at how far it is; each reads a table. */
const TICK_MS = 5000;

/** About how many, by the size of the file: for the bar, until they have been read. */
const ordersIn = async (file: string): Promise<number> =>
  Math.ceil((await stat(file)).size / BYTES_PER_ORDER);

/** Of superstore.csv: 2,551,942 bytes, 5,009 orders. */
const BYTES_PER_ORDER = 509.5;

/**
 * Resolves when every accepted order is closed and nothing is under way any more; or, so that what is missing can be
 * told, when nothing has been under way for a while. A message between an outbox and a queue is in neither for a moment,
 * so one look is not enough.
 */
async function untilDone(aws: Aws, discovered: Discovered, { accepted }: Imported): Promise<void> {
  for (let quiet = 0; quiet < STALLED;) {
    const underWay = await messagesUnderWay(aws, discovered);
    quiet = underWay === 0 ? quiet + 1 : 0;
    if (quiet >= 2 && (await closedOrders(aws, discovered)) >= accepted) return;
    await new Promise((resolve) =>
      setTimeout(resolve, underWay > NEARLY_DONE ? 5 * LOOK_EVERY_MS : LOOK_EVERY_MS),
    );
  }
}

const LOOK_EVERY_MS = 200;

/** While more messages are under way, it looks five times less often. */
const NEARLY_DONE = 100;

/** Looks without anything under way after which nobody can expect more to come: fifteen seconds. */
const STALLED = 75;

function exitOf({ missing, refused }: Summary): number {
  if (missing.length > 0) return EXIT.failed;
  return refused.length > 0 ? EXIT.partial : EXIT.ok;
}
