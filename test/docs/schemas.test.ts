import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { committedAt, contractFaults, schemaPages, type Snapshots } from '../../docs/generator/schemas.ts';
import type { Topology } from '../../docs/generator/topology.ts';
import { event, external, type Contract } from '../../functions/runtime/contract.ts';
import type { JsonSchema, Shape } from '../../functions/runtime/contract/schema.ts';

const placed = (version: number, data: Shape, upcast = {}): Contract =>
  event('order.placed', { version, source: 'shop', data, upcast });
const v1 = placed(1, { id: z.string() });
const v2 = placed(2, { id: z.string(), total: z.int() }, { 1: (old: object) => ({ ...old, total: 0 }) });

const between = (says: Contract, reads: Contract): Topology => ({
  contracts: [...new Set([says, reads])],
  parties: [
    { name: 'checkout', on: [], says: [says] },
    { name: 'payments', on: [reads], says: [] },
  ],
  heardElsewhere: [],
});

/** What `npm run docs` commits, read back. */
function commit(topology: Topology, before: Snapshots = { schemas: {}, versions: {} }): Snapshots {
  const schemas: Record<string, Record<number, JsonSchema>> = {};
  let versions = {};
  for (const { path, text } of schemaPages(topology, before)) {
    const [, type, version] = /^schemas\/(.+)\.(\d+)\.json$/.exec(path) ?? [];
    if (type) (schemas[type] ??= {})[Number(version)] = JSON.parse(text) as JsonSchema;
    else versions = JSON.parse(text) as object;
  }
  return { schemas, versions };
}

describe('a contract keeps its word', () => {
  const first = commit(between(v1, v1));

  test('what was committed is no fault', () => {
    expect(contractFaults(between(v1, v1), first)).toEqual([]);
  });

  test('an incompatible change of a version names the change, and what to do', () => {
    const changed = placed(1, { id: z.int() });
    expect(contractFaults(between(changed, changed), first)).toEqual([
      expect.stringMatching(
        /^order\.placed 1: data\.id: type changed from string to integer\. .*raise the version to 2.*upcast: \{ 1:/,
      ),
    ]);
  });

  test('an optional field is taken into the snapshot', () => {
    const more = placed(1, { id: z.string(), note: z.optional(z.string()) });
    expect(contractFaults(between(more, more), first)).toEqual([]);
    expect(commit(between(more, more), first).schemas['order.placed']![1]!.properties).toHaveProperty('note');
  });

  test('an event of others has no snapshot', () => {
    const theirs = external('aws.s3', { key: z.string() }, { type: 'Object Created', id: () => 'id' });
    expect(commit(between(v1, theirs)).schemas).toEqual(first.schemas);
  });

  test('a contract that is gone is named, because it may still arrive', () => {
    const nothing: Topology = { contracts: [], parties: [], heardElsewhere: [] };
    expect(contractFaults(nothing, first)).toEqual([
      expect.stringContaining('order.placed: contract removed'),
    ]);
  });
});

describe('an earlier version stays readable', () => {
  const both = commit(between(v1, v2), commit(between(v1, v1)));

  test('through the upcasters, which are run', () => {
    expect(contractFaults(between(v2, v2), both)).toEqual([]);
  });

  test('or the version without an upcaster is named', () => {
    const mute = placed(2, { id: z.string(), total: z.int() });
    expect(contractFaults(between(mute, mute), both)).toEqual([
      expect.stringContaining('order.placed 1 cannot be read any more'),
    ]);
  });

  test('and so is an upcaster whose result does not conform', () => {
    const wrong = placed(2, { id: z.string(), total: z.int() }, { 1: (old: object) => old });
    expect(contractFaults(between(wrong, wrong), both)).toEqual([
      expect.stringMatching(/^order\.placed 1 cannot be read any more: .*data\.total is missing/),
    ]);
  });
});

describe('readers ship one deploy before writers', () => {
  const first = commit(between(v1, v1));

  test('both in one deploy is refused, with the two steps', () => {
    expect(contractFaults(between(v2, v2), first)).toEqual([
      expect.stringMatching(
        /^order\.placed 2 would be said in the same deploy .*read 2 and publish 1 still.*deploy, and raise/,
      ),
    ]);
  });

  test('first the readers, then the writers', () => {
    const readers = between(v1, v2);
    expect(contractFaults(readers, first)).toEqual([]);
    const second = commit(readers, first);
    expect(second.versions).toEqual({ 'order.placed': { reads: 2, writes: 1 } });
    expect(contractFaults(between(v2, v2), second)).toEqual([]);
    expect(commit(between(v2, v2), second).versions).toEqual({ 'order.placed': { reads: 2, writes: 2 } });
  });

  test('one consumer that lags behind holds the writers back', () => {
    const lagging = between(v1, v2);
    const parties = [...lagging.parties, { name: 'audit', on: [v1], says: [] }];
    expect(commit({ ...lagging, parties }, first).versions['order.placed']).toEqual({ reads: 1, writes: 1 });
  });

  test('a reader does not fall behind what is being said', () => {
    const second = commit(between(v2, v2), commit(between(v1, v2), first));
    expect(contractFaults(between(v2, v1), second)).toContainEqual(
      expect.stringMatching(/^order\.placed 2 is being said, and a consumer would read only 1/),
    );
  });

  test('a new type needs no reader before it', () => {
    expect(contractFaults(between(v1, v1), { schemas: {}, versions: {} })).toEqual([]);
  });
});

describe('what is deployed is a commit of git', () => {
  const first = commit(between(v1, v1));

  test('two commits between two deploys do not hide that readers and writers ship at once', () => {
    const { folder, git } = repository();
    save(folder, between(v1, v1));
    git('commit', '-qm', 'deployed');
    git('tag', 'v1');
    save(folder, between(v1, v2), first);
    git('commit', '-qm', 'readers, which nobody deploys');
    expect(contractFaults(between(v2, v2), committedAt('HEAD', folder)!)).toEqual([]);
    expect(contractFaults(between(v2, v2), committedAt('v1', folder)!)).toEqual([
      expect.stringMatching(/^order\.placed 2 would be said in the same deploy /),
    ]);
    expect(committedAt('HEAD', folder)).toEqual(commit(between(v1, v2), first));
  });

  test('a snapshot that was edited by hand does not count', () => {
    const { folder, git } = repository();
    save(folder, between(v1, v1));
    git('commit', '-qm', 'deployed');
    const changed = placed(1, { id: z.int() });
    save(folder, between(changed, changed));
    expect(contractFaults(between(changed, changed), committedAt('HEAD', folder)!)).toEqual([
      expect.stringContaining('order.placed 1: data.id: type changed from string to integer'),
    ]);
  });

  test('a commit that git does not know, or that has no schemas, is told from one that promises nothing', () => {
    const { folder, git } = repository();
    git('commit', '-qm', 'empty', '--allow-empty');
    expect(committedAt('HEAD', folder)).toBeUndefined();
    expect(committedAt('nowhere', folder)).toBeUndefined();
  });
});

function repository() {
  const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const git = (...command: string[]) => {
    execFileSync('git', ['add', '.'], { cwd: folder });
    execFileSync('git', [...author, ...command], { cwd: folder });
  };
  execFileSync('git', ['init', '-q'], { cwd: folder });
  return { folder, git };
}

/** What `npm run docs` writes. */
function save(folder: string, topology: Topology, before: Snapshots = { schemas: {}, versions: {} }): void {
  for (const { path, text } of schemaPages(topology, before)) {
    const file = join(folder, 'docs', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
