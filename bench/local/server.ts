/** A server under measure: Spillway's or another's, in a process of its own on a port of 127.0.0.1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../test/differential/dynamodb-local.ts';
import { caller, type Call } from './call.ts';

/** Who is measured. */
export interface Contestant {
  name: 'spillway' | 'ministack' | 'fauxqs' | 'localstack';
  version: string;
  /** fauxqs has queues only. */
  has: 'queues' | 'queues, rules and functions';
  /** Rejects when there is no answer in a minute. */
  start(): Promise<Server>;
}

export interface Server {
  name: Contestant['name'];
  endpoint: string;
  /** @default not known: it is several processes */
  pid?: number;
  call: Call;
  stop(): Promise<void>;
}

export interface Command {
  file: string;
  args: string[];
  env?: Record<string, string>;
}

/** Runs a command until it answers sqs:ListQueues. What it prints is dropped. */
export async function started(name: Server['name'], command: (port: number) => Command): Promise<Server> {
  const port = await freePort();
  const { file, args, env } = command(port);
  const endpoint = `http://127.0.0.1:${port}`;
  const call = caller(endpoint);
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, ...CREDENTIALS, ...env } });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  for (const began = performance.now(); !(await answers(call)); await wait(POLL_MS))
    if (performance.now() - began > 60_000 || child.exitCode !== null) {
      kill();
      throw new Error(`${name} does not answer.`);
    }
  return {
    name,
    endpoint,
    pid: child.pid!,
    call,
    async stop() {
      process.removeListener('exit', kill);
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(kill, 5_000);
      await once(child, 'exit');
      clearTimeout(late);
    },
  };
}

const POLL_MS = 3;
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

const answers = (call: Call): Promise<boolean> =>
  call('sqs', 'ListQueues', {}).then(
    () => true,
    () => false,
  );
