import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Answer, Environs, Failure, FunctionVersion, Instance, Invocation } from '../host.ts';
import {
  called,
  exportedHandler,
  failureOf,
  handlerPath,
  lambdaConsole,
  loadError,
  MODULE_EXTENSIONS,
  missingModule,
  toldError,
  type Handler,
} from '../runtime.ts';
import { virtualCrypto } from './chance.ts';
import { contextWith } from './globals.ts';
import type { Send } from './http.ts';
import { life } from './life.ts';
import { moduleLoader, prepare, type Unpacked } from './modules.ts';
import { nodeModules } from './node.ts';
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
  const { clock, random, code, env } = options;
  let answer: ((answer: Answer) => void) | undefined;
  let requestId: string | undefined;
  let handler: Handler | undefined;

  /** The instance is gone; whoever waits is told why. */
  const end = (failure?: Failure) => {
    living.end();
    timers.end();
    if (failure) answer?.(failure);
  };
  const crashed = (error: unknown) => {
    if (error instanceof Ended) return;
    console.error('Uncaught Exception', toldError(error));
    end(failureOf(error, true));
  };
  const exited = (code: number) => end(exitFailure(requestId, code));
  const living = life(crashed);
  const timers = virtualTimers(clock, living);
  const now = () => clock.now();
  const { write } = own;
  const consoleOptions = {
    logFormat: fn.logFormat,
    now: () => new Date(now()).toISOString(),
    requestId: () => requestId,
    write,
  };
  const console = { ...globalThis.console, ...lambdaConsole(consoleOptions) };
  const process = virtualProcess({ env, clock, life: living, memoryMiB: fn.memoryMiB, write, exited });
  const crypto = virtualCrypto(random);
  const node = nodeModules({
    ...options,
    life: living,
    timers,
    process,
    crypto,
    folder: own.folder,
    console,
  });
  const context = contextWith({
    now,
    random: () => random.next(),
    after: (ms, run) => void timers.setTimeout(run, ms),
    globals: { ...node.globals, console, process, crypto: crypto.webcrypto },
  });
  const modules = moduleLoader(code, context, (name) => node.supplied(name, modules.requireOf));

  return {
    async init() {
      const done = new Promise<Answer>((resolve) => (answer = resolve));
      try {
        const { module, name } = handlerPath(fn.handler);
        const path = handlerFile(code, module);
        await clock.hold(prepare(code, path));
        living.enter(() => {
          handler = exportedHandler(modules.load(path), name, fn.handler, fn.runtime);
        });
        return handler ? undefined : ((await done) as Failure);
      } catch (error) {
        return failureOf(loadError(error), true);
      }
    },
    invoke(invocation, deadline) {
      return new Promise((resolve) => {
        answer = resolve;
        living.enter(() => {
          requestId = invocation.requestId;
          env['_X_AMZN_TRACE_ID'] = invocation.traceId;
          const event: unknown = PARSE.runInContext(context)(invocation.payload);
          called(handler!, event, lambdaContext(fn, own, invocation, deadline, now), fn.runtime).then(
            (payload) => living.enter(() => resolve({ payload })),
            (error: unknown) =>
              living.enter(() => {
                console.error('Invoke Error', toldError(error));
                resolve(failureOf(error));
              }),
          );
        });
      });
    },
    freeze: living.freeze,
    thaw: living.thaw,
    memoryMiB: () => fn.memoryMiB / 2,
    end,
  };
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

const exitFailure = (requestId: string | undefined, code: number): Failure => ({
  error: {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${code === 0 ? 'without providing a reason' : `with error: exit status ${code}`}`,
  },
  ended: true,
});
