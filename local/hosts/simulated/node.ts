import { createRequire } from 'node:module';
import type { Random } from '../../random.ts';
import type { virtualCrypto } from './chance.ts';
import { named, virtualFiles } from './files.ts';
import { reached, virtualHttp, type Send } from './http.ts';
import type { Life } from './life.ts';
import type { Unpacked } from './modules.ts';
import type { Timers } from './timers.ts';

export interface NodeOptions {
  send: Send;
  endpoint: () => string;
  random: Random;
  now(): number;
  code: Unpacked;
  folder: string;
  life: Life;
  timers: Timers;
  process: Record<string, unknown>;
  crypto: ReturnType<typeof virtualCrypto>;
  console: object;
}

/** Node's own modules and globals as a simulated instance sees them: what reaches outside is virtual or refused by name. */
export function nodeModules(options: NodeOptions) {
  const { send, code, life } = options;
  const performance = performanceBy(options.now);
  const virtual: Record<string, unknown> = { ...supplied(options, performance), ...closed() };
  return {
    globals: {
      ...(virtual['timers'] as object),
      performance,
      queueMicrotask: (run: () => void) => queueMicrotask(() => life.enter(run)),
      fetch: fetchOver(send, options.endpoint, life),
    },
    supplied(name: string, requireOf: (path: string) => unknown): unknown {
      if (name === 'module')
        return { ...real('module'), createRequire: (from: string) => requireOf(taskPath(from, code)) };
      return virtual[name] ?? real(name);
    },
  };
}

/** What is there, in a form of its own. */
function supplied(
  { send, endpoint, random, code, folder, life, timers, process, crypto, console }: NodeOptions,
  performance: object,
) {
  const { http, https } = virtualHttp(send, endpoint, life);
  const files = virtualFiles({ task: code.task, folder, random });
  const { sleep, end: _end, ...timerFunctions } = timers;
  return {
    http,
    https,
    fs: files,
    'fs/promises': files['promises'],
    crypto,
    console,
    process,
    timers: timerFunctions,
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
  };
}

/** What would lead out of the simulation: it can be loaded, as the SDK does, but not used. */
const closed = () => ({
  http2: { ...real('http2'), ...refused('http2', ['connect', 'createServer']) },
  net: { ...real('net'), ...refused('net', ['connect', 'createConnection', 'createServer']) },
  tls: { ...real('tls'), ...refused('tls', ['connect', 'createServer']) },
  dns: named('dns', {}),
  child_process: named('child_process', {}),
  worker_threads: named('worker_threads', { isMainThread: true, threadId: 0 }),
});

function performanceBy(now: () => number) {
  const began = now();
  return {
    now: () => now() - began,
    timeOrigin: began,
    mark() {},
    measure() {},
    getEntriesByName: () => [],
    toJSON: () => ({}),
  };
}

const real = (name: string) => require(`node:${name}`) as object;

const require = createRequire(import.meta.url);

const refused = (name: string, members: string[]) =>
  Object.fromEntries(members.map((member) => [member, named(name, {})[member]]));

/** `/var/task/…`, as a function knows its files, to where they are. */
const taskPath = (from: string, { task }: Unpacked) =>
  from.replace(/^file:\/\//, '').replace(/^\/var\/task/, task);

const fetchOver =
  (send: Send, endpoint: () => string, life: Life) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    await reached(new URL(request.url), endpoint()).catch((cause: unknown) => {
      throw new TypeError('fetch failed', { cause });
    });
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
