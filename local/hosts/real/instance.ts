import type { Clock, Timer } from '../../clock.ts';
import type {
  Answer,
  Disturbance,
  Environs,
  Failure,
  FunctionVersion,
  Instance,
  Invocation,
  Stopwatch,
} from '../host.ts';
import { exitFailure } from '../runtime.ts';
import type { Header, Setup } from './bootstrap.ts';
import { startProcess, type HostedProcess } from './process.ts';

export interface InstanceOptions {
  clock: Clock;
  stopwatch: Stopwatch;
  /** Of the program that a process runs. */
  program: Promise<string>;
  task: string;
  root: string;
  env: Record<string, string>;
  started(pid: number): void;
  ended(pid: number): void;
}

/** One instance of a function as a process of its own. */
export function realInstance(fn: FunctionVersion, own: Environs, options: InstanceOptions): Instance {
  const { clock, stopwatch } = options;
  let hosted: HostedProcess | undefined;
  let answer: ((answer: Answer | undefined) => void) | undefined;
  let requestId = '';
  let bytes = 0;
  let killedFor: string | undefined;

  const signal = (name: NodeJS.Signals) => hosted?.signal(name);
  const heard = (line: string) => {
    if (line[0] === 'L') return own.write(JSON.parse(line.slice(1)) as string);
    if (line[0] === 'I')
      return answer?.(line.length > 1 ? (JSON.parse(line.slice(1)) as Failure) : undefined);
    const gap = line.indexOf(' ');
    const said = line.slice(gap + 1);
    bytes = Number(line.slice(1, gap));
    return answer?.(line[0] === 'R' ? { payload: said } : (JSON.parse(said) as Failure));
  };
  const start = (program: string) => {
    hosted = startProcess({
      ...startOf(fn, own, options),
      program,
      heard,
      ended(pid, code, name) {
        options.ended(pid);
        answer?.(exitFailure(requestId, code, name, killedFor));
      },
    });
  };
  const overMemory = () => {
    killedFor = 'Runtime.OutOfMemory';
    signal('SIGKILL');
  };

  return {
    init: () =>
      new Promise((resolve) => {
        answer = resolve as typeof answer;
        options.program.then(start, (error: unknown) => resolve(cannotStart(error)));
      }),
    invoke: (invocation, deadline) =>
      new Promise((resolve) => {
        requestId = invocation.requestId;
        const unwatch = watchMemory(hosted!, fn.memoryMiB * MIB, stopwatch, overMemory);
        answer = (given) => {
          unwatch();
          answer = undefined;
          resolve(given!);
        };
        if (invocation.disturbance) disturb(invocation.disturbance, signal, options);
        hosted!.say(message(invocation, deadline, clock));
      }),
    ...freezer(signal, stopwatch),
    memoryMiB: () => Math.min(fn.memoryMiB, bytes / MIB),
    end() {
      answer = undefined;
      signal('SIGKILL');
    },
  };
}

/** Stops a process that has answered, unless the next invocation comes within a moment. */
function freezer(signal: (name: NodeJS.Signals) => void, stopwatch: Stopwatch) {
  let freezing: Timer | undefined;
  return {
    freeze() {
      freezing = stopwatch.after(GRACE_MS, () => {
        freezing = undefined;
        signal('SIGSTOP');
      });
    },
    thaw() {
      if (!freezing) return signal('SIGCONT');
      freezing.cancel();
      freezing = undefined;
    },
  };
}

const GRACE_MS = 20;

const MIB = 2 ** 20;
const MEMORY_CHECK_MS = 500;

/** Looks at a process's memory now and then, until the returned function is called. */
function watchMemory(
  hosted: HostedProcess,
  most: number,
  stopwatch: Stopwatch,
  over: () => void,
): () => void {
  const check = () => {
    if (hosted.memory() > most) over();
    else timer = stopwatch.after(MEMORY_CHECK_MS, check);
  };
  let timer = stopwatch.after(MEMORY_CHECK_MS, check);
  return () => timer.cancel();
}

function startOf(fn: FunctionVersion, own: Environs, { task, root, env, started }: InstanceOptions) {
  const { handler, runtime, logFormat, memoryMiB } = fn;
  const setup: Setup = { task, temporary: own.folder, root, handler, runtime, logFormat };
  return {
    flags: [`--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`, ...FLAGS],
    setup,
    cwd: task,
    env,
    started,
    printed: (line: string) => own.write(`${line}\n`),
  };
}

/** JSON holds line ends only between its tokens, where a space is as good. */
function message(invocation: Invocation, deadline: number, clock: Clock): string {
  const { payload, requestId, functionArn, traceId, clientContext, disturbance } = invocation;
  const skipped = clock.skipped() + (disturbance?.skewMs ?? 0);
  const header: Header = { requestId, functionArn, traceId, clientContext, deadline, skipped };
  return `${JSON.stringify(header)}\n${payload.includes('\n') ? payload.replaceAll(/[\r\n]/g, ' ') : payload}\n`;
}

/** In a real process nobody counts calls: a fault strikes some milliseconds in. */
function disturb(
  { step, crash, freezeMs }: Disturbance,
  signal: (name: NodeJS.Signals) => void,
  { clock, stopwatch }: InstanceOptions,
): void {
  stopwatch.after(step * STEP_MS, () => {
    if (crash) signal('SIGKILL');
    else if (freezeMs > 0) {
      signal('SIGSTOP');
      clock.after(freezeMs, () => signal('SIGCONT'));
    }
  });
}

const STEP_MS = 5;

const cannotStart = (error: unknown): Failure => ({
  error: { errorType: 'Runtime.Unknown', errorMessage: String(error) },
  ended: true,
});

/**
 * Keeps a process small, with a nursery that a short-lived event fits into, and optimizes later than V8 does by itself: an
 * SDK call runs a lot of code rarely, which takes long to repay its compiling. A tenth less CPU over an import, measured.
 */
const FLAGS = ['--max-semi-space-size=8', '--interrupt-budget=300000'];
