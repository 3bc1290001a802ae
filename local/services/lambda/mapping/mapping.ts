import type * as Lambda from '@aws-sdk/client-lambda';
import type { Outcome } from '../../../hosts/host.ts';
import type { RoleSession } from '../../../principal.ts';
import type { Pattern } from '../../events/pattern/compile.ts';

/** An event source mapping, as it stands. */
export interface Mapping {
  configuration: Configuration;
  /** Any of them lets a record through; none lets every record through. */
  filters: Pattern[];
}

export type Configuration = Lambda.EventSourceMappingConfiguration & {
  UUID: string;
  EventSourceArn: string;
  FunctionArn: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds: number;
};

/** What moves records from a source to a function while the mapping is enabled. */
export interface Poller {
  /** Ends; what is under way finishes. */
  stop(): void;
}

/** What a poller knows of its function. */
export interface Target {
  /** Runs it with an event. Throws TooManyRequestsException, or ResourceNotFoundException once it is deleted. */
  invoke(event: object): Promise<Outcome>;
  /** Its role: what it may not read or delete, nor may the mapping. */
  session(): RoleSession;
  timeoutMs(): number;
  /** The version that a name leads to now. */
  version(): string;
  /** How many invocations it runs side by side at best. */
  atOnce: number;
}
