import type { World } from '../../../world.ts';
import type { Configuration } from './mapping.ts';

/**
 * How far a mapping has come in a shard, for the process after this one: it goes on after the last record before which
 * all is done. What was under way is read again.
 */
export interface Position {
  /** Sequence number of the last record that is done, and all before it. @default none */
  after(): string | undefined;
  /** These were read, in this order; `passed` are to be processed. */
  read(records: string[], passed: Set<string>): void;
  done(records: string[]): void;
}

const shelfOf = ({ durable }: World, { UUID }: Configuration) =>
  durable?.shelf<string>(`lambda/positions/${UUID}`);

export function positionOf(world: World, configuration: Configuration, shardId: string): Position {
  const shelf = shelfOf(world, configuration);
  if (!shelf) return { after: () => undefined, read: () => {}, done: () => {} };
  let last = shelf.records().find(([shard]) => shard === shardId)?.[1];
  /** By sequence number in order, each with the one before it. */
  const unfinished = new Map<string, string | undefined>();
  const after = () => {
    const oldest = unfinished.values().next();
    return oldest.done ? last : oldest.value;
  };
  const keep = () => {
    const reached = after();
    if (reached !== undefined) shelf.put(shardId, reached);
  };
  return {
    after,
    read(records, passed) {
      for (const record of records) {
        if (passed.has(record)) unfinished.set(record, last);
        last = record;
      }
      keep();
    },
    done(records) {
      for (const record of records) unfinished.delete(record);
      keep();
    },
  };
}

/** A mapping that is made, changed or deleted begins anew. */
export const forgetPosition = (world: World, configuration: Configuration): void =>
  shelfOf(world, configuration)?.clear();
