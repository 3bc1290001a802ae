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

/** What came of handing records over: the function's answer, which may name those that failed. */
export type Result = Pick<Outcome, 'failed' | 'payload'>;

/** Why records of a stream were given up. */
export type Abandoned = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** What a poller knows of what it moves records to: the function of a mapping, or the rest of a pipe. */
export interface Target {
  /** Hands it records. Throws TooManyRequestsException, or ResourceNotFoundException once it is deleted. */
  invoke(event: { Records: object[] }): Promise<Result>;
  /** Its role: what it may not read or delete, nor may the mapping. */
  session(): RoleSession;
  timeoutMs(): number;
  /** How an on-failure destination is told whose records were given up. */
  notice(condition: Abandoned, invokes: number, result: Result | undefined): object;
  /** The last record of a batch was so old, in milliseconds, when it was handed over. */
  tellAge(ms: number): void;
  /** How many invocations it runs side by side at best. */
  atOnce: number;
}
