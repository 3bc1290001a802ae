import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { eachLine } from './lines.ts';

/** A process of the real host. */
export interface HostedProcess {
  say(lines: string): void;
  /** Does nothing once it is gone. */
  signal(name: NodeJS.Signals): void;
  /** What it has for itself, without what it shares with others of its kind, in bytes. 0 where that cannot be told. */
  memory(): number;
}

export interface ProcessOptions {
  flags: string[];
  /** The file it runs, and its argument. */
  program: string;
  setup: object;
  cwd: string;
  env: Record<string, string>;
  /** A line on the private channel. */
  heard(line: string): void;
  /** A line that bypassed the program, on standard output or error. */
  printed(line: string): void;
  started(pid: number): void;
  ended(pid: number, code: number | null, signal: NodeJS.Signals | null): void;
}

/** Starts a process with a private channel beside its standard streams, in a group of its own: Ctrl-C is not for it. */
export function startProcess(options: ProcessOptions): HostedProcess {
  const { flags, program, setup, cwd, env, heard, printed, started, ended } = options;
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(setup)], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid!;
  const channel = child.stdio[3] as Duplex;
  started(pid);
  channel.on('error', () => {});
  eachLine(channel, heard);
  eachLine(child.stdout!, printed);
  eachLine(child.stderr!, printed);
  child.on('close', (code, signal) => ended(pid, code, signal));

  return {
    say: (lines) => void channel.write(lines),
    signal(name) {
      if (child.exitCode === null && child.signalCode === null) child.kill(name);
    },
    memory: () => ownMemory(pid),
  };
}

function ownMemory(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (resident - shared) * PAGE;
  } catch {
    return 0;
  }
}

const PAGE = 4096;
