/**
 * What Lambda's Node.js runtime does around a handler, for both hosts: finds it, calls it, words its failures and formats
 * what it logs. Values may come from another realm (a `vm` context), so nothing here relies on `instanceof`.
 * After https://github.com/aws/aws-lambda-nodejs-runtime-interface-client.
 */
import { format, types } from 'node:util';
import type { Failure } from './host.ts';

export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

/** `src/index.handler` → the module's path without its extension, and the path of the export. */
export function handlerPath(handler: string): { module: string; name: string } {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  if (handler.includes('..'))
    throw runtimeError(
      'MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  if (dot <= slash) throw runtimeError('MalformedHandlerName', 'Bad handler');
  return { module: handler.slice(0, dot), name: handler.slice(dot + 1) };
}

/** The order in which a module is looked for. */
export const MODULE_EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/** The exported function `name` (`a.b` for nested ones). */
export function exportedHandler(exported: unknown, name: string, handler: string, runtime: string): Handler {
  const within = (from: unknown) =>
    name
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from);
  const found = within(exported) ?? within((exported as { default?: unknown }).default);
  if (!found) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  if (STREAMING in found)
    throw runtimeError('NotModelled', 'The embedded AWS does not model response streaming.');
  if (found.length >= 3 && !takesCallbacks(runtime))
    throw runtimeError('CallbackHandlerDeprecated', CALLBACKS_REMOVED);
  return found as Handler;
}

/** Calls the handler; resolves to its result as JSON text. */
export async function called(
  handler: Handler,
  event: unknown,
  context: object,
  runtime: string,
): Promise<string> {
  const result = takesCallbacks(runtime)
    ? await calledBack(handler, event, context)
    : await handler(event, context);
  return jsonText(result);
}

/** Sync and callback-style handlers answer through `callback` or `context.done`; those that return a promise, with it. */
function calledBack(handler: Handler, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    const answers = {
      callbackWaitsForEmptyEventLoop: true,
      done: callback,
      succeed: (result: unknown) => resolve(result),
      fail: (error: unknown) => callback(error ?? 'handled'),
    };
    const returned = handler(event, Object.assign(context, answers), callback);
    if (typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function')
      (returned as PromiseLike<unknown>).then(resolve, reject);
  });
}

function jsonText(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw runtimeError('JSONStringifyError', 'Unable to stringify response body');
  }
}

export const missingModule = (module: string): Error =>
  runtimeError(
    'ImportModuleError',
    `Error: Cannot find module '${module}'\nRequire stack:\n- /var/runtime/index.mjs`,
  );

/** A failure as the payload tells it. */
export function failureOf(error: unknown, ended = false): Failure {
  if (!types.isNativeError(error))
    return { error: { errorType: typeof error, errorMessage: String(error), trace: [] }, ended };
  const { name, message, stack } = error;
  return { error: { errorType: name, errorMessage: message, trace: stack?.split('\n') ?? [] }, ended };
}

/** A process that is gone without an answer. */
export function exitFailure(
  requestId: string | undefined,
  code: number | null,
  signal: NodeJS.Signals | null,
  errorType = 'Runtime.ExitError',
): Failure {
  const status = code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
  const how = signal === null ? status : `with error: signal: ${SIGNALS[signal] ?? signal}`;
  return {
    error: { errorType, errorMessage: `RequestId: ${requestId} Error: Runtime exited ${how}` },
    ended: true,
  };
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** A failure to load, told apart as Lambda does. */
export function loadError(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  if (error.name === 'SyntaxError')
    return Object.assign(runtimeError('UserCodeSyntaxError', String(error)), { stack: error.stack });
  const { code } = error as NodeJS.ErrnoException;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
    ? runtimeError('ImportModuleError', `${String(error)}${withoutSdk(error.message)}`)
    : error;
}

/** Lambda's image has every package of the SDK. */
function withoutSdk(message: string): string {
  const missing = /Cannot find (?:module|package) '(@aws-sdk\/[^'/]+)/.exec(message)?.[1];
  if (missing === undefined) return '';
  return `\nThe embedded AWS supplies the SDK's clients of the services that it has, lib-dynamodb, util-dynamodb and client-sfn, but not ${missing}: put it in the function's bundle.`;
}

/** Lambda's own error, such as `Runtime.HandlerNotFound`. */
export const runtimeError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name: `Runtime.${name}` });

export interface ConsoleOptions {
  logFormat: 'Text' | 'JSON';
  /** ISO 8601. */
  now(): string;
  /** @default undefined while the module is loaded, which is what Lambda then writes */
  requestId(): string | undefined;
  write(message: string): void;
}

/** The methods that Lambda puts in place of `console`'s own. */
export function lambdaConsole({ logFormat, now, requestId, write }: ConsoleOptions) {
  const log =
    (level: string) =>
    (...message: unknown[]) =>
      write(
        logFormat === 'Text'
          ? `${now()}\t${requestId()}\t${level}\t${format(...message)}\n`
          : `${JSON.stringify({ timestamp: now(), level, requestId: requestId(), message: message.length === 1 ? message[0] : format(...message) })}\n`,
      );
  return {
    log: log('INFO'),
    info: log('INFO'),
    debug: log('DEBUG'),
    trace: log('TRACE'),
    warn: log('WARN'),
    error: log('ERROR'),
  };
}

/** What the runtime logs of a failed invocation. */
export function toldError(error: unknown): string {
  const { errorType, errorMessage, trace } = failureOf(error).error;
  const own = Object.fromEntries(types.isNativeError(error) ? Object.entries(error) : []) as object;
  return JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
}

const takesCallbacks = (runtime: string) => Number(/^nodejs(\d+)/.exec(runtime)?.[1]) < 24;

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const CALLBACKS_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later as a runtime. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';
