/**
 * What was asked of a server and what it acknowledged. What has no answer may have been done or not; everything else is
 * known, and has to be so after every kill.
 */
export interface Ledger {
  /** Acknowledgements so far. */
  acknowledged: number;
  /** By body: acknowledged sends to the standard queue. */
  sent: Set<string>;
  /** By group: acknowledged sends to the FIFO queue, in order. */
  sentInOrder: Map<string, string[]>;
  /** Ids of acknowledged PutEvents. */
  events: Set<string>;
  /** Bodies that were seen by a receive, by queue. */
  seen: Record<'standard' | 'target', Set<string>>;
  /** Message ids whose deletion was acknowledged. */
  deleted: Set<string>;
  /** By key: the newest acknowledged version, and the newest that was asked for; 0 is a deletion. */
  items: Map<string, { acknowledged: number[]; asked: number[] }>;
  /** Pairs that were written in one transaction: acknowledged, or only asked for. */
  pairs: Map<string, boolean>;
  parameters: Map<string, number>;
  objects: Set<string>;
  /** By id. */
  uploads: Map<string, Upload>;
  /** What must never happen, as it happened. */
  violations: string[];
}

/** An upload in parts that was begun. */
export interface Upload {
  key: string;
  /** Acknowledged parts, by number. */
  parts: Map<number, string>;
  /** Its end was asked for, and may have come. */
  ending: boolean;
}

export const newLedger = (): Ledger => ({
  acknowledged: 0,
  sent: new Set(),
  sentInOrder: new Map(),
  events: new Set(),
  seen: { standard: new Set(), target: new Set() },
  deleted: new Set(),
  items: new Map(),
  pairs: new Map(),
  parameters: new Map(),
  objects: new Set(),
  uploads: new Map(),
  violations: [],
});
