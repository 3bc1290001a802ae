import type { Aws } from '../aws.ts';
import { connect } from '../connect.ts';
import type { Discovered } from '../discovery.ts';
import { EXIT } from '../errors.ts';
import { interruption } from '../interrupted.ts';
import { spanOf } from '../moment.ts';
import { logGroups, recordLinesIn, type RecordLine } from '../records.ts';
import { harmless } from '../table.ts';
import { row } from './row.ts';

export interface TailOptions {
  stage: string;
  pipeline: string;
  type?: string;
  since?: string;
  json?: boolean;
}

export interface Following {
  /** From when on, milliseconds since 1970. */
  since: number;
  /** Asked between looks. */
  stopped(): boolean;
  wait(ms: number): Promise<void>;
}

/** Milliseconds between two looks, and by how much a line may come late. */
const LOOK_EVERY = 2000;
const LATE = 60_000;

/** What consumers make of messages, as the logs come to have it; each line once. */
export async function* followed(
  aws: Aws,
  discovered: Discovered,
  { since, stopped, wait }: Following,
): AsyncGenerator<RecordLine> {
  const groups = await logGroups(aws, discovered);
  let seen = new Map<string, number>();
  for (let newest = since; !stopped(); await wait(LOOK_EVERY)) {
    const from = Math.max(since, newest - LATE);
    const fresh: RecordLine[] = [];
    for (const group of groups)
      for await (const line of recordLinesIn(aws, group, from)) {
        const text = JSON.stringify(line);
        if (seen.has(text)) continue;
        seen.set(text, Date.parse(line.at));
        newest = Math.max(newest, Date.parse(line.at));
        fresh.push(line);
      }
    yield* fresh.toSorted((a, b) => (a.at < b.at ? -1 : 1));
    seen = new Map([...seen].filter(([, at]) => at >= newest - 2 * LATE));
  }
}

export async function tail(options: TailOptions): Promise<number> {
  const { type, json } = options;
  const now = Date.now();
  const { since = now } = spanOf(options, now);
  const { aws, discovered } = await connect(options);
  console.error(
    'What consumers make of messages, as it comes; on AWS logs are late by seconds. Ctrl-C ends it.',
  );
  const lines = followed(aws, discovered, {
    since,
    stopped: interruption(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  for await (const line of lines) {
    if (type !== undefined && line.type !== type) continue;
    const [at, consumer, of, outcome, took, id, why] = row(line);
    console.log(
      json
        ? JSON.stringify(line)
        : harmless(
            `${at}  ${consumer.padEnd(14)} ${of.padEnd(18)} ${outcome.padEnd(12)} ${took.padStart(8)}  ${id}  ${why}`.trimEnd(),
          ),
    );
  }
  return EXIT.ok;
}
