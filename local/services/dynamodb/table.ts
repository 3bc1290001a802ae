/** A table as it runs: its keys, its rows, its indexes, its stream; and how a change gets into all of them at once. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { World } from '../../world.ts';
import { noSuchTable } from './errors.ts';
import type { Expiry } from './expiry.ts';
import type { KeptItems } from './kept.ts';
import { rowsByKey, type Place, type Row, type Rows } from './rows.ts';
import { append, type Identity, type Stream } from './stream.ts';
import { attributeOf, emptyKind, itemSize, sortable, type AttributeValue, type Item } from './value.ts';

/** Everything that DynamoDB keeps. */
export interface Database {
  world: World;
  /** What outlives the process. @default nothing does */
  kept?: KeptItems | undefined;
  tables: Map<string, Table>;
  /** By ARN; those of deleted tables, too, for as long as their records can be read. */
  streams: Map<string, Stream>;
}

export interface Table {
  name: string;
  arn: string;
  id: string;
  /** Milliseconds since 1970, as all times here. */
  created: number;
  attributes: DDB.AttributeDefinition[];
  schema: KeySchema;
  rows: Rows;
  indexes: Index[];
  billing: Billing;
  tags: Map<string, string>;
  deletionProtection: boolean;
  tableClass: DDB.TableClass | undefined;
  /** When and with which key encryption was chosen; undefined: the key that AWS owns. */
  encryption: { key: string } | undefined;
  /** The open stream. */
  stream: Stream | undefined;
  /** The latest stream, open or not. */
  latestStream: Stream | undefined;
  expiry: Expiry | undefined;
  /** Point-in-time recovery, if enabled. */
  recovery: { since: number; days: number } | undefined;
  /** Contributor Insights: what it watches, and since when. @default it is off */
  insights?: { mode: DDB.ContributorInsightsMode; since: number } | undefined;
}

export interface Billing {
  mode: DDB.BillingMode;
  /** Since when it is on demand. */
  onDemandSince: number | undefined;
  throughput: DDB.ProvisionedThroughput | undefined;
  onDemandLimits: DDB.OnDemandThroughput | undefined;
}

export interface Index {
  name: string;
  kind: 'global' | 'local';
  schema: KeySchema;
  projection: DDB.Projection;
  rows: Rows;
  throughput: DDB.ProvisionedThroughput | undefined;
  onDemandLimits: DDB.OnDemandThroughput | undefined;
}

export interface KeySchema {
  hash: KeyAttribute;
  range: KeyAttribute | undefined;
}

export interface KeyAttribute {
  name: string;
  type: DDB.ScalarAttributeType;
}

/** Finds a table by its name or its ARN; throws ResourceNotFoundException. */
export function tableNamed({ tables }: Database, nameOrArn: string): Table {
  const table = tables.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
  if (!table || (nameOrArn.startsWith('arn:') && table.arn !== nameOrArn)) throw noSuchTable();
  return table;
}

export const keysOf = ({ hash, range }: KeySchema): KeyAttribute[] => (range ? [hash, range] : [hash]);

/** Where an item whose keys are checked belongs. */
export const placeIn = ({ hash, range }: KeySchema, item: Item): Place => ({
  hash: sortable(item[hash.name]!),
  range: range ? sortable(item[range.name]!) : '',
  tie: '',
});

/** A place as text, to tell places of one table apart. */
export const placeText = ({ hash, range }: Place): string => `${hash.length}:${hash}${range}`;

/** What a write does to one item: nothing before it is an insert, nothing after it a removal. */
export interface Change {
  table: Table;
  before: Row | undefined;
  after: Row | undefined;
}

/** Makes the change in the table, its indexes and its stream. Returns what it did to the indexes. */
export function commit({ world, kept }: Database, change: Change, by?: Identity): IndexChange[] {
  const { table, before, after } = change;
  if (after) table.rows.put(after);
  else if (before) table.rows.remove(before);
  const indexChanges = table.indexes.map((index) => changeOf(index, table, before, after));
  for (const indexChange of indexChanges) apply(indexChange);
  kept?.changed(change);
  if (table.stream) append(world, table.stream, keysOf(table.schema), before?.item, after?.item, by);
  if (after) table.expiry?.watch(after);
  return indexChanges;
}

export interface IndexChange {
  index: Index;
  before: Row | undefined;
  after: Row | undefined;
}

const changeOf = (
  index: Index,
  table: Table,
  before: Row | undefined,
  after: Row | undefined,
): IndexChange => ({
  index,
  before: before && rowIn(index, table, before),
  after: after && rowIn(index, table, after),
});

function apply({ index, before, after }: IndexChange): void {
  if (before && !(after && samePlace(before, after))) index.rows.remove(before);
  if (after) index.rows.put(after);
}

export const samePlace = (a: Place, b: Place): boolean =>
  a.hash === b.hash && a.range === b.range && a.tie === b.tie;

/** Fills an index that is new with what its table has. */
export function backfill(index: Index, table: Table): void {
  for (const { rows } of table.rows.scan()) {
    for (const row of rows) {
      const indexed = rowIn(index, table, row);
      if (indexed) index.rows.put(indexed);
    }
  }
}

/** An item's row in an index; nothing where it lacks one of the index's keys, or had it in another type before the index. */
function rowIn({ schema, projection }: Index, table: Table, row: Row): Row | undefined {
  const { item } = row;
  if (!keysOf(schema).every((key) => isKey(attributeOf(item, key.name), key))) return undefined;
  const place = { ...placeIn(schema, item), tie: placeText(row) };
  if (projection.ProjectionType === 'ALL') return { ...place, item, size: row.size };
  const kept = projectedNames(schema, projection, table.schema);
  const part = Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name)));
  return { ...place, item: part, size: itemSize(part) };
}

const isKey = (value: AttributeValue | undefined, { type }: KeyAttribute): boolean =>
  value?.[type] !== undefined && !emptyKind(value);

/** The attributes that an index holds, unless it holds all. */
export const projectedNames = (
  schema: KeySchema,
  { NonKeyAttributes = [] }: DDB.Projection,
  table: KeySchema,
): Set<string> =>
  new Set([...keysOf(table), ...keysOf(schema)].map(({ name }) => name).concat(NonKeyAttributes));

export const newIndex = (description: Omit<Index, 'rows'>): Index => ({ ...description, rows: rowsByKey() });
