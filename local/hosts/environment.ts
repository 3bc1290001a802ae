import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type {
  Answer,
  Credentials,
  Environs,
  Failure,
  FunctionVersion,
  Instance,
  Invocation,
  LogLine,
  Outcome,
  StartInstance,
  Stopwatch,
} from './host.ts';

/**
 * Lambda's execution environment: runs one invocation at a time in an instance that is frozen in between. A time-out or
 * crash replaces the instance; `/tmp` and the log stream stay.
 */
export interface Environment {
  readonly fn: FunctionVersion;
  run(invocation: Invocation): Promise<Outcome>;
  /** Its credentials last for another invocation. */
  lasts(): boolean;
  end(): void;
}

export interface EnvironmentOptions {
  id: number;
  /** In which its `/tmp` is made. */
  folder: string;
  start: StartInstance;
  stopwatch: Stopwatch;
  clock: Clock;
  random: Random;
}

export function environment(fn: FunctionVersion, options: EnvironmentOptions): Environment {
  const { id, clock, random, start, stopwatch } = options;
  const folder = join(options.folder, `tmp-${id}`);
  mkdirSync(folder, { recursive: true });
  let lines: LogLine[] = [];
  const write = (message: string) => void lines.push({ timestamp: clock.now(), message });
  const credentials = fn.credentials();
  const environs: Environs = { id, folder, logStream: logStream(fn, clock, random), credentials, write };
  let instance: Instance | undefined;

  /** The instance, loaded within Lambda's ten seconds, or why there is none. */
  const ready = async (requestId: string): Promise<{ failure?: Failure | undefined; initMs?: number }> => {
    if (instance) {
      instance.thaw();
      return {};
    }
    const began = stopwatch.elapsed();
    instance = start(fn, environs);
    const failure = await inTime(instance.init(), INIT_MS, stopwatch, requestId);
    return { failure, initMs: stopwatch.elapsed() - began };
  };

  return {
    fn,
    async run(invocation) {
      const { requestId } = invocation;
      const { failure, initMs } = await ready(requestId);
      write(`START RequestId: ${requestId} Version: ${fn.version}\n`);
      const began = stopwatch.elapsed();
      const answer =
        failure ??
        (await inTime(
          instance!.invoke(invocation, clock.now() + fn.timeoutMs),
          fn.timeoutMs,
          stopwatch,
          requestId,
        ));
      const durationMs = stopwatch.elapsed() - began;
      const memoryMiB = instance!.memoryMiB();
      if ('error' in answer && (answer.ended || failure)) {
        instance!.end();
        instance = undefined;
      } else instance!.freeze();
      for (const message of closing(fn, requestId, answer, { durationMs, memoryMiB, initMs })) write(message);
      const written = lines;
      lines = [];
      return { ...answered(answer), durationMs, lines: written, logStream: environs.logStream };
    },
    lasts: () => lasting(credentials, clock, fn),
    end: () => instance?.end(),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_MS = 10_000;

/** The largest answer to a synchronous invocation, in bytes. */
const RESPONSE_BYTES = 6_291_556;

function inTime<T extends Answer | undefined>(
  answer: Promise<T>,
  ms: number,
  stopwatch: Stopwatch,
  requestId: string,
): Promise<T | Failure> {
  return new Promise((resolve) => {
    const timer = stopwatch.after(ms, () => resolve(timedOut(ms, requestId)));
    void answer.then((value) => {
      timer.cancel();
      resolve(value);
    });
  });
}

const timedOut = (ms: number, requestId: string): Failure => ({
  error: {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(ms / 1000).toFixed(2)} seconds`,
  },
  ended: true,
});

function answered(answer: Answer): { payload: string; failed: boolean } {
  if ('error' in answer) return { payload: JSON.stringify(answer.error), failed: true };
  if (Buffer.byteLength(answer.payload) <= RESPONSE_BYTES) return { payload: answer.payload, failed: false };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES} bytes).`;
  return {
    payload: JSON.stringify({ errorMessage, errorType: 'Function.ResponseSizeTooLarge' }),
    failed: true,
  };
}

/** The log lines that end an invocation. */
function closing(
  fn: FunctionVersion,
  requestId: string,
  answer: Answer,
  { durationMs, memoryMiB, initMs }: { durationMs: number; memoryMiB: number; initMs: number | undefined },
): string[] {
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.max(1, Math.ceil(durationMs))} ms`,
    `Memory Size: ${fn.memoryMiB} MB`,
    `Max Memory Used: ${Math.ceil(memoryMiB)} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...('error' in answer && answer.ended ? [`Status: ${status(answer)}`] : []),
  ];
  return [`END RequestId: ${requestId}\n`, `${fields.join('\t')}\t\n`];
}

const status = ({ error: { errorType } }: Failure) =>
  errorType === 'Sandbox.Timedout' ? 'timeout' : `error\tError Type: ${errorType}`;

/** `2030/01/01/[$LATEST]0123456789abcdef0123456789abcdef` */
function logStream(fn: FunctionVersion, clock: Clock, random: Random): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${fn.version}]${random.hex(32)}`;
}

const lasting = ({ Expiration }: Credentials, clock: Clock, { timeoutMs }: FunctionVersion) =>
  Expiration.getTime() > clock.now() + timeoutMs + 60_000;
