import { createRequire } from 'node:module';
import type { Random } from '../../random.ts';
import type { virtualCrypto } from './chance.ts';
import { named, virtualFiles } from './files.ts';
import { virtualHttp, type Send } from './http.ts';
import type { Life } from './life.ts';
import type { Unpacked } from './modules.ts';
import type { Timers } from './timers.ts';

export interface NodeOptions {
  send: Send;
  endpoint: () => string;
  random: Random;
  clock: { now(): number };
  code: Unpacked;
  folder: string;
  life: Life;
  timers: Timers;
  process: Record<string, unknown>;
  crypto: ReturnType<typeof virtualCrypto>;
  console: object;
}

/** Node's own modules and globals as a simulated instance sees them: what reaches outside is virtual or refused by name. */
export function nodeModules({
  send,
  endpoint,
  random,
  clock,
  code,
  folder,
  life,
  timers,
  process,
  crypto,
  console,
}: NodeOptions) {
  const { http, https } = virtualHttp(send, endpoint, life);
  const files = virtualFiles({ task: code.task, folder, random });
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, sleep } =
    timers;
  const began = clock.now();
  const performance = {
    now: () => clock.now() - began,
    timeOrigin: began,
    mark() {},
    measure() {},
    getEntriesByName: () => [],
    toJSON: () => ({}),
  };
  const real = <T extends object>(name: string) => require(`node:${name}`) as T;

  const virtual: Record<string, unknown> = {
    http,
    https,
    fs: files,
    'fs/promises': files['promises'],
    crypto,
    console,
    process,
    timers: { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate },
    'timers/promises': named('timers/promises', {
      setTimeout: sleep,
      setImmediate: async (value: unknown) => value,
      scheduler: { wait: sleep },
    }),
    perf_hooks: { ...real('perf_hooks'), performance },
    os: {
      ...real('os'),
      tmpdir: () => '/tmp',
      homedir: () => '/root',
      hostname: () => '169-254-100-1',
      cpus: () => [{}, {}],
    },
    http2: { ...real('http2'), ...refused('http2', ['connect', 'createServer']) },
    net: { ...real('net'), ...refused('net', ['connect', 'createConnection', 'createServer']) },
    tls: { ...real('tls'), ...refused('tls', ['connect', 'createServer']) },
    dns: named('dns', {}),
    child_process: named('child_process', {}),
    worker_threads: named('worker_threads', { isMainThread: true, threadId: 0 }),
  };

  const queueMicrotask = (run: () => void) => globalThis.queueMicrotask(() => life.enter(run));
  return {
    globals: {
      ...(virtual['timers'] as object),
      performance,
      queueMicrotask,
      fetch: fetchOver(send, life),
    },
    supplied(name: string, requireOf: (path: string) => unknown): unknown {
      if (name === 'module')
        return { ...real('module'), createRequire: (from: string) => requireOf(taskPath(from, code)) };
      return virtual[name] ?? real(name);
    },
  };
}

const require = createRequire(import.meta.url);

const refused = (name: string, members: string[]) =>
  Object.fromEntries(members.map((member) => [member, named(name, {})[member]]));

/** `/var/task/…`, as a function knows its files, to where they are. */
const taskPath = (from: string, { task }: Unpacked) =>
  from.replace(/^file:\/\//, '').replace(/^\/var\/task/, task);

const fetchOver =
  (send: Send, life: Life) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, search, host } = new URL(request.url);
    const { status, headers, body } = await send({
      method: request.method,
      path: pathname + search,
      headers: { host, ...Object.fromEntries(request.headers) },
      body: new Uint8Array(await request.arrayBuffer()),
    });
    return new Promise((resolve) =>
      life.enter(() =>
        resolve(new Response(body.length > 0 ? Buffer.from(body) : null, { status, headers })),
      ),
    );
  };
