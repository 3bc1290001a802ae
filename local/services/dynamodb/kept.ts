/** What of tables and streams outlives the process: what they are as a whole, items and changes one by one. */
import type { Durability } from '../../durability/index.ts';
import type { Shelf } from '../../durability/shelf.ts';
import { rowsByKey, type Row } from './rows.ts';
import { expire } from './settings.ts';
import type { Logged, Stream } from './stream.ts';
import {
  backfill,
  newIndex,
  placeIn,
  placeText,
  type Change,
  type Database,
  type Index,
  type Table,
} from './table.ts';
import { itemSize, type Item } from './value.ts';

export interface KeptItems {
  changed(change: Change): void;
  /** Forgets the items of a table that is deleted. */
  forget(table: Table): void;
  /** The changes of a stream, by number. */
  changesOf(streamArn: string): Shelf<Logged>;
}

/** Fills a database with what was kept of it. */
export function keepDatabase(db: Database, durable: Durability): KeptItems {
  const itemsOf = (id: string): Shelf<Row, Item> =>
    durable.shelf(`dynamodb/items/${id}`, ({ item }: Row) => item);
  const changesOf = (arn: string): Shelf<Logged> => durable.shelf(`dynamodb/changes/${arn}`);
  const shelves = new WeakMap<Table, Shelf<Row, Item>>();
  const shelfOf = (table: Table) => {
    const shelf = shelves.get(table) ?? itemsOf(table.id);
    shelves.set(table, shelf);
    return shelf;
  };

  durable.map('dynamodb/streams', db.streams, {
    store: keptStream,
    load: (stream: KeptStream): Stream => streamFrom(stream, changesOf(stream.arn)),
  });
  durable.map('dynamodb/tables', db.tables, {
    store: keptTable,
    load: (table: KeptTable): Table => tableFrom(table, itemsOf(table.id).records(), db),
  });
  return {
    changesOf,
    changed({ table, before, after }) {
      if (after) shelfOf(table).put(placeText(after), after);
      else if (before) shelfOf(table).delete(placeText(before));
    },
    forget: (table) => shelfOf(table).clear(),
  };
}

type KeptStream = Omit<Stream, 'log' | 'dropped' | 'readers' | 'telling' | 'kept'>;

function keptStream(stream: Stream): KeptStream {
  const { log: _1, dropped: _2, readers: _3, telling: _4, kept: _5, ...rest } = stream;
  return rest;
}

function streamFrom(stream: KeptStream, kept: Shelf<Logged>): Stream {
  const changes = kept.records();
  return {
    ...stream,
    log: changes.map(([, change]) => change),
    dropped: Number(changes[0]?.[0] ?? 1) - 1,
    kept,
    readers: new Set(),
    telling: false,
  };
}

interface KeptTable extends Omit<Table, 'rows' | 'indexes' | 'stream' | 'latestStream' | 'expiry'> {
  indexes: Omit<Index, 'rows'>[];
  /** ARN. */
  stream: string | undefined;
  /** ARN. */
  latestStream: string | undefined;
  /** The attribute that says when an item expires. */
  expiry: string | undefined;
}

function keptTable({ rows: _rows, indexes, stream, latestStream, expiry, ...table }: Table): KeptTable {
  return {
    ...table,
    indexes: indexes.map(({ rows: _rows, ...index }) => index),
    stream: stream?.arn,
    latestStream: latestStream?.arn,
    expiry: expiry?.attribute,
  };
}

function tableFrom(kept: KeptTable, items: [string, Item][], db: Database): Table {
  const streamAt = (arn: string | undefined) => (arn === undefined ? undefined : db.streams.get(arn));
  const table: Table = {
    ...kept,
    rows: rowsByKey(),
    indexes: kept.indexes.map(newIndex),
    stream: streamAt(kept.stream),
    latestStream: streamAt(kept.latestStream),
    expiry: undefined,
  };
  for (const [, item] of items)
    table.rows.put({ ...placeIn(table.schema, item), item, size: itemSize(item) });
  for (const index of table.indexes) backfill(index, table);
  if (kept.expiry !== undefined) expire(db, table, kept.expiry);
  return table;
}
