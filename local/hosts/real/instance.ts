import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
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
import type { Header, Setup } from './bootstrap.ts';
import { exitFailure } from '../runtime.ts';
import { eachLine } from './lines.ts';

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
  const { clock, stopwatch, task, root, env } = options;
  let child: ChildProcess | undefined;
  let channel: Duplex | undefined;
  let answer: ((answer: Answer | undefined) => void) | undefined;
  let requestId = '';
  let bytes = 0;
  let overMemory = false;

  const answered = (line: string) => {
    const gap = line.indexOf(' ');
    bytes = Number(line.slice(1, gap));
    return line.slice(gap + 1);
  };
  const heard = (line: string) => {
    if (line[0] === 'L') own.write(JSON.parse(line.slice(1)) as string);
    else if (line[0] === 'R') answer?.({ payload: answered(line) });
    else if (line[0] === 'F') answer?.(JSON.parse(answered(line)) as Failure);
    else answer?.(line.length > 1 ? (JSON.parse(line.slice(1)) as Failure) : undefined);
  };
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) child.kill(name);
  };
  const begin = (program: string) => {
    const setup: Setup = {
      task,
      temporary: own.folder,
      root,
      handler: fn.handler,
      runtime: fn.runtime,
      logFormat: fn.logFormat,
    };
    const running = spawn(process.execPath, [...flags(fn), program, JSON.stringify(setup)], {
      cwd: task,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child = running;
    options.started(running.pid!);
    channel = running.stdio[3] as Duplex;
    channel.on('error', () => {});
    eachLine(channel, heard);
    for (const output of [running.stdout!, running.stderr!])
      eachLine(output, (line) => own.write(`${line}\n`));
    running.on('close', (code, name) => {
      options.ended(running.pid!);
      answer?.(exitFailure(requestId, code, name, overMemory ? 'Runtime.OutOfMemory' : undefined));
    });
  };
  /** Looks at the process's memory now and then, as long as an invocation lasts. */
  const watchMemory = () =>
    stopwatch.after(MEMORY_CHECK_MS, () => {
      const own = ownMemory(child!.pid!);
      if (own > fn.memoryMiB * MIB) {
        overMemory = true;
        signal('SIGKILL');
      } else memoryCheck = watchMemory();
    });
  let memoryCheck: { cancel(): void } | undefined;
  /** In a real process nobody counts calls: a fault strikes some milliseconds in. */
  const disturb = ({ step, crash, freezeMs }: Disturbance = NO_DISTURBANCE) => {
    if (crash) stopwatch.after(step * STEP_MS, () => signal('SIGKILL'));
    else if (freezeMs > 0)
      stopwatch.after(step * STEP_MS, () => {
        signal('SIGSTOP');
        clock.after(freezeMs, () => signal('SIGCONT'));
      });
  };

  return {
    init: () =>
      new Promise((resolve) => {
        answer = resolve as typeof answer;
        options.program.then(begin, (error: unknown) => resolve(cannotStart(error)));
      }),
    invoke: (invocation, deadline) =>
      new Promise((resolve) => {
        requestId = invocation.requestId;
        answer = (given) => {
          memoryCheck?.cancel();
          resolve(given!);
        };
        memoryCheck = watchMemory();
        disturb(invocation.disturbance);
        channel!.write(message(invocation, deadline, clock));
      }),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    memoryMiB: () => Math.min(fn.memoryMiB, bytes / MIB),
    end() {
      answer = undefined;
      memoryCheck?.cancel();
      signal('SIGKILL');
    },
  };
}

const MIB = 2 ** 20;
const MEMORY_CHECK_MS = 500;
const STEP_MS = 5;
const NO_DISTURBANCE: Disturbance = { step: 0, crash: false, freezeMs: 0, skewMs: 0 };

/** Keeps a process small: the heap as the function's memory allows, and a nursery that a short-lived event fits into. */
const flags = ({ memoryMiB }: FunctionVersion) => [
  `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
  '--max-semi-space-size=2',
];

/** JSON holds line ends only between its tokens, where a space is as good. */
function message(
  { payload, requestId, functionArn, traceId, clientContext, disturbance }: Invocation,
  deadline: number,
  clock: Clock,
): string {
  const skew = disturbance?.skewMs ?? 0;
  const header: Header = {
    requestId,
    functionArn,
    traceId,
    clientContext,
    deadline,
    skipped: clock.skipped() + skew,
  };
  return `${JSON.stringify(header)}\n${payload.includes('\n') ? payload.replaceAll(/[\r\n]/g, ' ') : payload}\n`;
}

/** What a process has for itself, without what it shares with others of its kind, in bytes. 0 where that cannot be told. */
function ownMemory(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (resident - shared) * PAGE;
  } catch {
    return 0;
  }
}
const PAGE = 4096;

const cannotStart = (error: unknown): Failure => ({
  error: { errorType: 'Runtime.Unknown', errorMessage: String(error) },
  ended: true,
});
