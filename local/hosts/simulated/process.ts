import { EventEmitter } from 'node:events';
import { named } from './files.ts';
import type { Life } from './life.ts';

export interface ProcessOptions {
  env: Record<string, string>;
  now(): number;
  life: Life;
  memoryMiB: number;
  /** The function wrote to its standard output or error. */
  write(message: string): void;
  /** The function ended its process. */
  exited(code: number): void;
}

/** What a function sees as `process`. */
export function virtualProcess({ env, now, life, memoryMiB, write, exited }: ProcessOptions) {
  const began = now();
  const uptime = () => (now() - began) / 1000;
  const hrtime = (since: [number, number] = [0, 0]): [number, number] => {
    const ns = BigInt(Math.round(uptime() * 1e9)) - (BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  };
  const stream = outputStream(write, life);
  const bytes = memoryMiB * 2 ** 19;

  const { kill, chdir } = named('process', {});
  return Object.assign(new EventEmitter(), {
    kill,
    chdir,
    env,
    argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
    execArgv: [],
    execPath: '/var/lang/bin/node',
    pid: 1,
    ppid: 0,
    platform: 'linux',
    arch: process.arch,
    version: process.version,
    versions: process.versions,
    release: process.release,
    features: process.features,
    config: process.config,
    title: 'node',
    stdout: stream,
    stderr: stream,
    cwd: () => '/var/task',
    uptime,
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(uptime() * 1e9)) }),
    memoryUsage: Object.assign(
      () => ({ rss: bytes, heapTotal: bytes, heapUsed: bytes, external: 0, arrayBuffers: 0 }),
      { rss: () => bytes },
    ),
    cpuUsage: () => ({ user: 0, system: 0 }),
    nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      process.nextTick(() => life.enter(() => run(...args))),
    emitWarning: (warning: unknown) => write(`(node:1) ${String(warning)}\n`),
    umask: () => 0o22,
    exit(code = 0) {
      exited(code);
      throw new Ended();
    },
    abort() {
      exited(134);
      throw new Ended();
    },
  }) as unknown as Record<string, unknown>;
}

function outputStream(write: ProcessOptions['write'], life: Life) {
  const stream = {
    isTTY: false,
    writable: true,
    write(chunk: string | Uint8Array, ...rest: unknown[]) {
      write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(() => life.enter(done as () => void));
      return true;
    },
    on: () => stream,
    once: () => stream,
    end() {},
  };
  return stream;
}

/** Thrown where a function ends its process, so that nothing after it runs. */
export class Ended extends Error {}
