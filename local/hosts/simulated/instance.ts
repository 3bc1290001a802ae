import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Answer, Environs, Failure, FunctionVersion, Instance, Invocation } from '../host.ts';
import {
  called,
  exitFailure,
  exportedHandler,
  failureOf,
  handlerPath,
  lambdaConsole,
  loadError,
  missingModule,
  MODULE_EXTENSIONS,
  toldError,
  type Handler,
} from '../runtime.ts';
import { virtualCrypto } from './chance.ts';
import { disturbed } from './disturbed.ts';
import { contextWith } from './globals.ts';
import type { Send } from './http.ts';
import { life } from './life.ts';
import { moduleLoader, prepare, type Unpacked } from './modules.ts';
import { nodeModules, type NodeOptions } from './node.ts';
import { Ended, virtualProcess } from './process.ts';
import { virtualTimers } from './timers.ts';

export interface InstanceOptions {
  clock: Clock;
  random: Random;
  send: Send;
  endpoint: () => string;
  code: Unpacked;
  env: Record<string, string>;
}

/** One instance of a function in a context of its own. */
export function simulatedInstance(fn: FunctionVersion, own: Environs, options: InstanceOptions): Instance {
  const { clock, code } = options;
  let answer: ((answer: Answer) => void) | undefined;
  let requestId: string | undefined;
  let handler: Handler | undefined;
  const inside = world(fn, own, options, {
    requestId: () => requestId,
    ended: (failure) => answer?.(failure),
  });
  const { console, living, disturbance } = inside;
  const succeed = (payload: string) => {
    disturbance.finish();
    living.enter(() => answer?.({ payload }));
  };
  const fail = (error: unknown) => {
    disturbance.finish();
    living.enter(() => {
      console.error('Invoke Error', toldError(error));
      answer?.(failureOf(error));
    });
  };

  return {
    async init() {
      const died = new Promise<Answer>((resolve) => (answer = resolve));
      try {
        const { module, name } = handlerPath(fn.handler);
        const path = handlerFile(code, module);
        await clock.hold(prepare(code, path));
        handler = exportedHandler(inside.load(path), name, fn.handler, fn.runtime);
        return undefined;
      } catch (error) {
        if (error instanceof Ended) return (await died) as Failure;
        const failure = loadError(error);
        console.error('Uncaught Exception', toldError(failure));
        return failureOf(failure, true);
      }
    },
    invoke: (invocation, deadline) =>
      new Promise((resolve) => {
        answer = resolve;
        living.enter(() => {
          requestId = invocation.requestId;
          inside.begin(invocation);
          const context = lambdaContext(fn, own, invocation, deadline, inside.now);
          called(handler!, inside.parse(invocation.payload), context, fn.runtime).then(succeed, fail);
        });
      }),
    freeze: living.freeze,
    thaw: living.thaw,
    memoryMiB: () => fn.memoryMiB / 2,
    end: inside.end,
  };
}

interface Outside {
  requestId(): string | undefined;
  /** The instance died of itself. */
  ended(failure: Failure): void;
}

/** All that an instance sees, and the ways into it. */
function world(fn: FunctionVersion, own: Environs, options: InstanceOptions, { requestId, ended }: Outside) {
  const { clock, send, env } = options;
  const { write } = own;
  let skewMs = 0;
  const now = () => clock.now() + skewMs;
  const end = () => {
    living.end();
    timers.end();
  };
  const die = (failure: Failure) => {
    end();
    ended(failure);
  };
  const living = life((error) => {
    if (error instanceof Ended) return;
    console.error('Uncaught Exception', toldError(error));
    die(failureOf(error, true));
  });
  const timers = virtualTimers(clock, living);
  const killed = () => die(exitFailure(requestId(), null, 'SIGKILL'));
  const exited = (code: number) => die(exitFailure(requestId(), code, null));
  const disturbance = disturbed(send, clock, living, killed);
  const iso = () => new Date(now()).toISOString();
  const console = {
    ...globalThis.console,
    ...lambdaConsole({ logFormat: fn.logFormat, now: iso, requestId, write }),
  };
  const process = virtualProcess({ env, now, life: living, memoryMiB: fn.memoryMiB, write, exited });
  const seen = { now, console, process, life: living, timers, send: disturbance.send };
  const { load, parse } = contextOf(own, options, seen);

  return {
    now,
    console,
    living,
    disturbance,
    end,
    load,
    parse,
    begin(invocation: Invocation) {
      env['_X_AMZN_TRACE_ID'] = invocation.traceId;
      skewMs = invocation.disturbance?.skewMs ?? 0;
      disturbance.begin(invocation.disturbance);
    },
  };
}

type Seen = Pick<NodeOptions, 'now' | 'console' | 'process' | 'life' | 'timers' | 'send'>;

/** The context, and how its modules are loaded. */
function contextOf({ folder }: Environs, { random, endpoint, code }: InstanceOptions, seen: Seen) {
  const { now, console, process, timers } = seen;
  const crypto = virtualCrypto(random);
  const node = nodeModules({ ...seen, endpoint, random, code, folder, crypto });
  const context = contextWith({
    now,
    random: () => random.next(),
    after: (ms, run) => void timers.setTimeout(run, ms),
    globals: { ...node.globals, console, process, crypto: crypto.webcrypto },
  });
  const modules = moduleLoader(code, context, (name) => node.supplied(name, modules.requireOf));
  return { load: modules.load, parse: PARSE.runInContext(context) as (text: string) => unknown };
}

const PARSE = new vm.Script('JSON.parse');

function handlerFile({ task }: Unpacked, module: string): string {
  for (const extension of MODULE_EXTENSIONS) {
    const path = join(task, module + extension);
    if (existsSync(path) && statSync(path).isFile()) return path;
  }
  throw missingModule(module);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function lambdaContext(
  fn: FunctionVersion,
  own: Environs,
  { requestId, functionArn, clientContext }: Invocation,
  deadline: number,
  now: () => number,
): object {
  return {
    functionName: fn.name,
    functionVersion: fn.version,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(fn.memoryMiB),
    awsRequestId: requestId,
    logGroupName: fn.logGroup,
    logStreamName: own.logStream,
    identity: undefined,
    clientContext: clientContext === undefined ? undefined : (JSON.parse(clientContext) as unknown),
    getRemainingTimeInMillis: () => deadline - now(),
  };
}
