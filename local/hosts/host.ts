/**
 * Where functions run. Two hosts fulfil one interface: `real` gives every execution environment a process of its own,
 * `simulated` runs the same bundles on one thread under the clock and the chance of the world.
 */
export interface FunctionHost {
  /** How many invocations of one function it runs side by side; fetching work for more only makes that work wait. */
  readonly atOnce: number;
  /** Runs one invocation in an idle environment or a new one. Never rejects: whatever goes wrong is an outcome. */
  invoke(fn: FunctionVersion, invocation: Invocation): Promise<Outcome>;
  /** Ends the environments of a version that is replaced or deleted; what runs is let finish. */
  retire(id: string): void;
  /** Ends every environment and removes what was unpacked. */
  stop(): Promise<void>;
}

/** Code and configuration that environments are made of. */
export interface FunctionVersion {
  /** Differs for everything that must not share an environment: function, version, code, configuration. */
  id: string;
  name: string;
  /** `$LATEST` or a number. */
  version: string;
  /** `index.handler` */
  handler: string;
  /** `nodejs24.x` */
  runtime: string;
  memoryMiB: number;
  timeoutMs: number;
  /** The customer's own environment variables. */
  variables: Record<string, string>;
  code: Code;
  logGroup: string;
  /** How `console` writes. */
  logFormat: 'Text' | 'JSON';
  /** Of the function's role, fresh whenever asked. */
  credentials(): Credentials;
}

export interface Code {
  /** Of the zip file, in hexadecimal. */
  sha256: string;
  zip: Uint8Array;
  /** Zip files of layers, in the order in which they are laid over one another. */
  layers: { sha256: string; zip: Uint8Array }[];
}

export interface Credentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

export interface Invocation {
  requestId: string;
  /** JSON text. */
  payload: string;
  /** As the caller named it: with a qualifier only if one was given. */
  functionArn: string;
  /** JSON text. @default none */
  clientContext?: string | undefined;
  /** `Root=1-…;Parent=…;Sampled=0` */
  traceId: string;
  /** What is to go wrong on the way. @default nothing */
  disturbance?: Disturbance | undefined;
}

/** A fault in the middle of an invocation, once it has made `step` half calls to AWS: an odd one is after the call was sent. */
export interface Disturbance {
  step: number;
  /** The environment dies. */
  crash: boolean;
  /** The environment stands still for so long, in ms. */
  freezeMs: number;
  /** Its clock is ahead by so much, in ms. */
  skewMs: number;
}

export interface Outcome {
  /** JSON text: what the handler returned, or the error object. */
  payload: string;
  /** The handler failed, or never answered. */
  failed: boolean;
  durationMs: number;
  /** Of this invocation, in order: `START` to `REPORT`, and what its environment wrote since the last one. */
  lines: LogLine[];
  logStream: string;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

/** One running copy of a function's code: what a host has to provide; environments and their pool are common to both. */
export interface Instance {
  /** Loads the handler's module. Resolves to what went wrong, if anything did. */
  init(): Promise<Failure | undefined>;
  /** One invocation; its answer may never come, which is for the time-out to find. */
  invoke(invocation: Invocation, deadline: number): Promise<Answer>;
  /** Stops it in its tracks until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Its memory in MiB, as far as known. */
  memoryMiB(): number;
  end(): void;
}

/** What an instance answers: JSON text, or how it failed. `ended`: the process is gone. */
export type Answer = { payload: string } | Failure;

export interface Failure {
  /** As Lambda puts it into the payload. */
  error: { errorType: string; errorMessage: string; trace?: string[] };
  /** The instance cannot be used again. */
  ended: boolean;
}

/** How a host starts an instance. `write` takes what the function logs; `folder` is its `/tmp`, which outlives it. */
export type StartInstance = (fn: FunctionVersion, own: Environs) => Instance;

export interface Environs {
  /** Number of the environment, the same in every run of a simulation. */
  id: number;
  folder: string;
  logStream: string;
  credentials: Credentials;
  write(message: string): void;
}

/** How a host measures and limits: virtual time for the simulated one, the machine's for the real one. */
export interface Stopwatch {
  /** Milliseconds, from an arbitrary start. */
  elapsed(): number;
  after(ms: number, run: () => void): { cancel(): void };
}
