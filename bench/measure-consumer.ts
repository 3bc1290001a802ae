import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunction } from '../infra/pipeline/bundle.ts';
import { bundlePeer } from './bundle-peer.ts';
import { batches, totalOf } from './consumer/batches.ts';
import type { Measurement } from './measurement.ts';
import { powertools, row } from './peer.ts';

const BATCHES = 6_400;
const CPU_ROUNDS = 3;
const COLD_ROUNDS = 7;
const FOLDER = resolve('node_modules/.cache/bench-consumer');

/**
 * One consumer twice: with `consume`, and with Powertools for Lambda (batch, parser, idempotency). Rounds alternate, each in
 * a process of its own; numbers are medians. CPU is with stores in memory on both sides, past warming up, which is after
 * 16,000 records. Bundles hold the AWS clients that each needs; a cold start is the evaluation of the bundle and one record,
 * against an endpoint that answers `{}` at once. Powertools makes the record's schema for each record when it is given
 * `innerSchema`, the first way in its documentation; `schema` is the second.
 */
export default {
  title: 'consume against Powertools for Lambda: batches of 10, medians',
  async run() {
    const ours = resolve(FOLDER, 'spillway.cjs');
    const theirs = resolve(FOLDER, 'powertools.cjs');
    const records = resolve(FOLDER, 'batches.json');
    await mkdir(FOLDER, { recursive: true });
    bundleFunction('bench/consumer/spillway.ts', ours);
    await bundlePeer('bench/consumer/powertools.mjs', theirs, { nodePaths: [await powertools()] });
    await writeFile(records, JSON.stringify(batches(BATCHES)));

    const cpu = await alternating(CPU_ROUNDS, {
      ours: () => cpuPerRecord(ours, records),
      theirs: () => cpuPerRecord(theirs, records),
      perRecord: () => cpuPerRecord(theirs, records, 'perRecord'),
    });
    await writeFile(records, JSON.stringify(batches(1, 1)));
    const { server, url } = await answering();
    const cold = await alternating(COLD_ROUNDS, {
      ours: () => coldStart(ours, records, url),
      theirs: () => coldStart(theirs, records, url),
    });
    server.close();
    return [
      row('CPU per record (µs), innerSchema', cpu.ours, cpu.perRecord, '≤ 0.25'),
      row('CPU per record (µs), schema', cpu.ours, cpu.theirs, '≤ 0.25'),
      row('bundle (KB)', kilobytes(ours), kilobytes(theirs), '≤ 0.5'),
      row('cold start (ms)', cold.ours, cold.theirs, '≤ 0.5'),
    ];
  },
} satisfies Measurement;

const kilobytes = (file: string) => statSync(file).size / 1000;

/** The median of each. */
async function alternating<Name extends string>(
  rounds: number,
  measures: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[];
  const all = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of names) all[name].push(await measures[name]());
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return Object.fromEntries(names.map((name) => [name, median(all[name])])) as Record<Name, number>;
}

/** Microseconds of user and system time. Every order must have been counted, each once. */
async function cpuPerRecord(path: string, records: string, ...options: string[]): Promise<number> {
  const { failed, total, microseconds } = await child([path, 'batches', records, ...options]);
  if (failed !== 0 || total !== totalOf(BATCHES))
    throw new Error(`${path}: ${failed} failed, total ${total} instead of ${totalOf(BATCHES)}`);
  return microseconds!;
}

/** Milliseconds. */
async function coldStart(path: string, records: string, url: string): Promise<number> {
  const { failed, total } = await child([path, 'cold', records], { AWS_ENDPOINT_URL: url });
  if (failed !== 0) throw new Error(`${path}: the first record failed`);
  return total!;
}

async function child(args: string[], env: object = {}): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/consumer/child.mjs', ...args], {
    env: { ...process.env, ...ENVIRONMENT, ...env },
  });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1));
}

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_LAMBDA_FUNCTION_NAME: 'customers',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  SPILLWAY_CONSUMER: 'customers',
  SPILLWAY_BUS: 'bench',
  SPILLWAY_TABLE: 'customers',
};

/** A DynamoDB that finds nothing and accepts everything. */
async function answering(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
