import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Contract } from '../../functions/runtime/contract.ts';
import { dataschemaOf } from '../../functions/runtime/contract/cloudevent.ts';
import { changesOf, comparable } from '../../functions/runtime/contract/compatibility.ts';
import type { JsonSchema } from '../../functions/runtime/contract/schema.ts';
import { invented } from './example.ts';
import { json, type Page } from './page.ts';
import { listenersTo, type Topology } from './topology.ts';

/** What docs/schemas holds: the contracts as they were last committed, and so at most deployed. */
export interface Snapshots {
  /** By type and version. */
  readonly schemas: Readonly<Record<string, Readonly<Record<number, JsonSchema>>>>;
  /** By type: the version that every consumer understands, and the one that is said. */
  readonly versions: Readonly<Record<string, Spoken>>;
}

interface Spoken {
  readonly reads: number;
  readonly writes: number;
}

const DECISION = 'docs/decisions/0030-readers-ship-before-writers.md';

/** docs/schemas: one JSON Schema for each version of each contract, and which versions are read and written. */
export function schemaPages(topology: Topology, { schemas, versions }: Snapshots): Page[] {
  const current = ours(topology);
  const kept = Object.entries(schemas).flatMap(([type, byVersion]) =>
    Object.entries(byVersion)
      .filter(([version]) => !current.some((one) => one.type === type && one.version === Number(version)))
      .map(([version, schema]) => ({ path: `schemas/${type}.${version}.json`, text: json(schema) })),
  );
  const spoken = current.map(({ type }) => [type, spokenOf(topology, type)] as const);
  return [
    ...kept,
    ...current.map((contract) => ({
      path: `schemas/${contract.type}.${contract.version}.json`,
      text: json(snapshotOf(contract)),
    })),
    {
      path: 'schemas/versions.json',
      text: json({ ...versions, ...Object.fromEntries(spoken.sort(([a], [b]) => (a < b ? -1 : 1))) }),
    },
  ];
}

/** What may not be committed, each with what to do about it. */
export function contractFaults(topology: Topology, snapshots: Snapshots): string[] {
  return [
    ...ours(topology).flatMap((contract) => changedInPlace(contract, snapshots)),
    ...Object.keys(snapshots.schemas).flatMap((type) => forgotten(type, topology, snapshots)),
    ...Object.entries(snapshots.versions).flatMap(([type, before]) => outOfStep(type, before, topology)),
  ];
}

/** Of the working copy. */
export const committed = (): Snapshots =>
  existsSync(FOLDER)
    ? snapshots(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))
    : { schemas: {}, versions: {} };

/** Of a commit, such as the one that is deployed. Undefined when git does not know it, or it has no docs/schemas. */
export function committedAt(ref: string, repository: URL | string = ROOT): Snapshots | undefined {
  const git = (...command: string[]) => spawnSync('git', command, { cwd: repository, encoding: 'utf8' });
  const listed = git('ls-tree', '--name-only', `${ref}:docs/schemas`);
  if (listed.status !== 0) return undefined;
  return snapshots(listed.stdout.split('\n'), (name) => git('show', `${ref}:docs/schemas/${name}`).stdout);
}

function snapshots(names: readonly string[], read: (name: string) => string): Snapshots {
  const schemas: Record<string, Record<number, JsonSchema>> = {};
  for (const name of names) {
    const [, type, version] = /^(.+)\.(\d+)\.json$/.exec(name) ?? [];
    if (type) (schemas[type] ??= {})[Number(version)] = JSON.parse(read(name)) as JsonSchema;
  }
  const versions = names.includes('versions.json') ? read('versions.json') : '{}';
  return { schemas, versions: JSON.parse(versions) as Snapshots['versions'] };
}

const FOLDER = new URL('../schemas/', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

/** What others say, `external`, is theirs to keep. */
const ours = ({ contracts }: Topology): Contract[] => contracts.filter(({ kind }) => kind !== 'external');

const snapshotOf = (contract: Contract): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: dataschemaOf(contract.type, contract.version),
  ...plain(contract.schema()),
});

/** Without the patterns by which formats are checked: they are zod's, and change with it. */
const plain = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'format' in value
      ? comparable(value as JsonSchema)
      : value,
  ) as JsonSchema;

function changedInPlace(contract: Contract, { schemas }: Snapshots): string[] {
  const { type, version } = contract;
  const before = schemas[type]?.[version];
  if (!before) return [];
  return changesOf(before, contract.schema())
    .filter(({ breaks }) => breaks)
    .map(
      ({ path, what }) =>
        `${type} ${version}: ${path}: ${what}. Leave version ${version} as it is: raise the version to ${version + 1}, read the old one with upcast: { ${version}: (old) => … }, and publish ${version} for one more deploy (${DECISION}).`,
    );
}

/** What was ever said must stay readable: it may still be in a queue, an outbox, a dead-letter queue or the archive. */
function forgotten(type: string, topology: Topology, { schemas }: Snapshots): string[] {
  const newest = newestOf(topology, type);
  if (!newest)
    return [
      `${type}: contract removed. Keep it until nothing of it can arrive, the archive's retention included; then delete docs/schemas/${type}.*.json and its line in versions.json.`,
    ];
  return Object.entries(schemas[type]!).flatMap(([version, schema]) => {
    if (Number(version) === newest.version) return []; // changedInPlace says what is wrong with that one
    try {
      newest.read(Number(version), invented(schema));
      return [];
    } catch (error) {
      return [
        `${type} ${version} cannot be read any more: ${(error as Error).message}. Give ${type} ${newest.version} an upcaster that leads from ${version}.`,
      ];
    }
  });
}

function outOfStep(type: string, before: Spoken, topology: Topology): string[] {
  if (!newestOf(topology, type)) return [];
  const { reads, writes } = spokenOf(topology, type);
  if (reads < before.writes)
    return [
      `${type} ${before.writes} is being said, and a consumer would read only ${reads}. Bring its contract to ${before.writes}.`,
    ];
  if (writes <= before.reads) return [];
  return [
    `${type} ${writes} would be said in the same deploy in which its consumers first read it. Let consumers read ${writes} and publish ${before.writes} still; run npm run docs, deploy, and raise the version that is published after that (${DECISION}).`,
  ];
}

/**
 * Read is the least version among the consumers, written the greatest among those who say it. Where only others listen,
 * the contract's own is read; where only others speak, they ship when they like, and nothing newer than what is read counts.
 */
function spokenOf(topology: Topology, type: string): Spoken {
  const newest = newestOf(topology, type)!.version;
  const says = topology.parties.flatMap((party) => party.says.filter((one) => one.type === type));
  const reads = Math.min(newest, ...listenersOf(topology, type).map(({ version }) => version));
  return { reads, writes: says.length > 0 ? Math.max(...says.map(({ version }) => version)) : reads };
}

const listenersOf = (topology: Topology, type: string): Contract[] =>
  listenersTo(topology, { type } as Contract).flatMap(({ routes }) => routes.map(({ contract }) => contract));

const newestOf = (topology: Topology, type: string): Contract | undefined =>
  ours(topology)
    .filter((one) => one.type === type)
    .sort((a, b) => b.version - a.version)[0];
