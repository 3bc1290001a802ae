import type { AwsError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { World } from './world.ts';

/** What every operation is given besides its input. */
export interface Call {
  /** Who calls. */
  principal: Principal;
  /** As in the answer's `x-amzn-RequestId`. */
  requestId: string;
  account: string;
  region: string;
  /** The address by which the caller reached us, without a slash at the end: `http://127.0.0.1:4566`. */
  endpoint: string;
  /** How the call came; a few of AWS's messages differ by it. `internal`: one part of the embedded AWS calls another. */
  protocol: 'json' | 'query' | 'rest-json' | 'rest-xml' | 'cbor' | 'internal';
  /** The request's headers, lower-case names. Empty for internal calls. */
  headers: Record<string, string | undefined>;
  /**
   * Calls `run` when the caller has gone before it was answered. Returns how to stop listening.
   * @default the caller stays
   */
  whenGone?: ((run: () => void) => () => void) | undefined;
  /** Now, in milliseconds since 1970; virtual under test. */
  now(): number;
}

/** `(input, call) => output`, both in the SDK's own shapes: blobs are `Uint8Array`, timestamps are `Date`. */
// oxlint-disable-next-line typescript/no-explicit-any -- each operation states its own types; the dispatcher only passes them on
export type Operation = (input: any, call: Call) => unknown;

/** An operation's output without the client's own metadata. */
export type Answer<Output> = Omit<Output, '$metadata'>;

/** A service that runs: what the wire calls, and what policies need to know of it. Other services see the rest of it too. */
export interface Service {
  /** By AWS's own names. What the SDK's model has and this has not is answered `NotImplemented`, by name. */
  operations: Record<string, Operation>;
  /** The ARNs that a call touches, for identity policies. @default `*` */
  // oxlint-disable-next-line typescript/no-explicit-any -- as for Operation
  resources?(operation: string, input: any, call: Call): string[];
  /** The policy attached to a resource itself, as JSON text. @default none */
  resourcePolicy?(arn: string): string | undefined;
  /** Condition keys that only the service itself can tell, in lower case, of one of a call's resources. @default none */
  // oxlint-disable-next-line typescript/no-explicit-any -- as for Operation
  conditions?: Record<string, (input: any, arn: string) => string[] | undefined>;
  /** Whether there is such a resource: AWS tells its own services what is missing before it asks for permission. @default yes */
  exists?(arn: string): boolean;
  /** What it holds, as counts and depths, for `GET /_spillway/state`. @default not listed */
  state?(): object;
  /** Ends timers and processes. @default nothing to end */
  stop?(): void | Promise<void>;
}

/**
 * The default export of every file in `local/services/`. The file's name is the service's signing name, as in the
 * credential scope of a request (`sqs`, `events`, `dynamodb`, `monitoring`), unless it says otherwise, so the dispatcher
 * needs no list.
 */
export interface ServiceModule<S extends Service = Service> {
  /** The SDK clients whose runtime schemas describe the wire; several where one signing name serves several APIs. */
  sdk: (() => Promise<object>)[];
  /** The signing name, where several services share one. @default the file's name */
  signedAs?: string;
  /**
   * How this service says that required members are missing, given their paths (`entries.1.member.id`); `undefined` when
   * its operations say so themselves.
   * @default ValidationException `1 validation error detected: Value null at 'x' failed to satisfy constraint: Member must not be null`
   */
  missing?(paths: string[]): AwsError | undefined;
  start(world: World): S;
}
