/**
 * A fact about AWS that the pipeline relies on, as a test that runs against any endpoint: the one of `AWS_ENDPOINT_URL`,
 * or else an embedded AWS under virtual time. `CONFORMANCE_OF` names the endpoint, so that what it is known not to do
 * (`divergences.ts`) is expected to fail, and anything else is not.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../local/index.ts';
import type { ClientClass } from '../../local/wire/in-process.ts';
import { DIVERGENCES } from './divergences.ts';

const url = process.env['AWS_ENDPOINT_URL'];
const known = DIVERGENCES[process.env['CONFORMANCE_OF'] ?? ''] ?? {};
const run = Date.now().toString(36);
let names = 0;
let embedded: Local | undefined;

beforeAll(async () => {
  if (url === undefined) embedded = await startLocal();
});
afterAll(() => embedded?.stop());

/** A client of the endpoint. On an endpoint of `AWS_ENDPOINT_URL` region and credentials are those of the environment. */
export const client = <Client>(Class: ClientClass<Client>): Client =>
  embedded?.client(Class) ?? new Class({ endpoint: url, maxAttempts: 1, forcePathStyle: true });

/** A name that nothing else has. */
export const named = (prefix: string): string => `${prefix}-${run}-${process.pid}-${names++}`;

/** Time passes: virtual where it can. */
export const pass = (seconds: number): Promise<unknown> =>
  embedded ? embedded.advance(seconds * 1000) : wait(seconds * 1000);

/** Seconds; nobody waits as long for what is known not to come. */
const PATIENCE = 30;
const LITTLE_PATIENCE = 5;
let patience = PATIENCE;

/** What `look` finds once it finds something, within half a minute. */
export async function eventually<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let waited = 0; waited < patience; waited += 0.5) {
    const found = await look();
    if (found !== undefined) return found;
    await pass(0.5);
  }
  throw new Error(`nothing came within ${patience} seconds`);
}

/** What `call` is refused with: its code, as clients of old and new know it, and its text. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ name: string; code: string; message: string }> {
  const error: Refused = await call.then(
    () => expect.unreachable('it was not refused'),
    (refused: Refused) => refused,
  );
  return { name: error.name, code: error.Error?.Code ?? error.name, message: error.message };
}

interface Refused extends Error {
  Error?: { Code?: string };
}

interface Fact {
  /** Seconds that must pass; more than three are skipped, by name, where time is real. @default 0 */
  seconds?: number;
}

/** @param source the page that says so, or how it was found out */
export function fact(
  name: string,
  source: string,
  check: () => Promise<unknown>,
  { seconds = 0 }: Fact = {},
) {
  const options = { fails: name in known, skip: url !== undefined && seconds > 3 };
  test(`${name} (${source})`, options, async () => {
    expect.hasAssertions();
    patience = name in known ? LITTLE_PATIENCE : PATIENCE;
    await check();
  });
}

/** Seen in recordings of AWS itself, which the tests of LocalStack's open repository kept. */
export const RECORDED = 'recorded against AWS';
