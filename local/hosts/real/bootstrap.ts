/**
 * The program in every process of the real host: what Lambda's runtime is on AWS. It speaks with the host over file
 * descriptor 3, a line at a time, so that nothing a function prints can be mistaken for an answer.
 *
 * To it, per invocation, two lines: a header (`Header`) and the event. From it: `L` a log line as a JSON string, `I` the
 * module is loaded (or a failure), `R<bytes of memory> <result>`, `F<bytes of memory> <failure>`.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Failure } from '../host.ts';
import {
  called,
  exportedHandler,
  failureOf,
  handlerPath,
  lambdaConsole,
  loadError,
  missingModule,
  MODULE_EXTENSIONS,
  runtimeError,
  toldError,
  type Handler,
} from '../runtime.ts';
import { speaker } from './channel.ts';
import { reachOverTls } from './https.ts';
import { ownTemporaryFolder } from './temporary.ts';
import { followClock } from './time.ts';

/** What the host says of an invocation. */
export interface Header {
  requestId: string;
  functionArn: string;
  traceId: string;
  clientContext?: string | undefined;
  /** Milliseconds since 1970, by the clock of the host. */
  deadline: number;
  /** How far the host's clock is ahead of the machine's, in ms. */
  skipped: number;
}

/** What this process is started with: JSON in its first argument. */
export interface Setup {
  task: string;
  /** Takes the place of `/tmp`. */
  temporary: string;
  /** In which the host keeps everything; never mistaken for the function's `/tmp`. */
  root: string;
  handler: string;
  runtime: string;
  logFormat: 'Text' | 'JSON';
}

const CHANNEL = 3;
const setup = JSON.parse(process.argv[2]!) as Setup;
process.argv.splice(1, 2, '/var/runtime/index.mjs');
const channel = new Socket({ fd: CHANNEL });
let current: Header | undefined;

const say = speaker(channel, CHANNEL);
const write = (message: string) => say(`L${JSON.stringify(message)}`);
const memory = measuredNowAndThen(() => process.memoryUsage.rss());
const failed = (failure: Failure, then?: () => void) => say(`F${memory()} ${JSON.stringify(failure)}`, then);

Object.assign(
  console,
  lambdaConsole({
    logFormat: setup.logFormat,
    now: () => new Date().toISOString(),
    requestId: () => current?.requestId,
    write,
  }),
);
for (const stream of [process.stdout, process.stderr])
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(() => void done());
    return true;
  };
ownTemporaryFolder(setup.temporary, setup.root);
reachOverTls(process.env['AWS_ENDPOINT_URL']!);

process.on('uncaughtException', (error) => {
  console.error('Uncaught Exception', toldError(error));
  failed(failureOf(error, true), () => process.exit(129));
});
process.on('unhandledRejection', (reason) => {
  const error = runtimeError('UnhandledPromiseRejection', String(reason));
  console.error('Unhandled Promise Rejection', toldError(error));
  failed(failureOf(error, true), () => process.exit(128));
});

void start();

async function start(): Promise<void> {
  try {
    const { module, name } = handlerPath(setup.handler);
    const handler = exportedHandler(await load(module), name, setup.handler, setup.runtime);
    listen(handler);
    say('I');
  } catch (error) {
    const failure = loadError(error);
    console.error('Uncaught Exception', toldError(failure));
    say(`I${JSON.stringify(failureOf(failure, true))}`);
  }
}

async function load(module: string): Promise<unknown> {
  for (const extension of MODULE_EXTENSIONS) {
    const path = join(setup.task, module + extension);
    if (existsSync(path) && statSync(path).isFile())
      return isCommonJs(path)
        ? createRequire(path)(path)
        : ((await import(pathToFileURL(path).href)) as unknown);
  }
  throw missingModule(module);
}

/** What can only be CommonJS is required: to import it, Node searches the whole text for what it exports. */
function isCommonJs(path: string): boolean {
  const esSyntax = /(?:^|[;}])\s*(?:import|export)\b(?!\s*[(.])/m;
  return path.endsWith('.cjs') || (path.endsWith('.js') && !esSyntax.test(readFileSync(path, 'utf8')));
}

function listen(handler: Handler): void {
  let rest = '';
  let header: Header | undefined;
  channel.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (!header) header = JSON.parse(line) as Header;
      else {
        void run(handler, header, line);
        header = undefined;
      }
    }
  });
  channel.on('end', () => process.exit());
}

async function run(handler: Handler, header: Header, event: string): Promise<void> {
  current = header;
  followClock(header.skipped);
  process.env['_X_AMZN_TRACE_ID'] = header.traceId;
  try {
    const payload = await called(handler, JSON.parse(event), context(header), setup.runtime);
    say(`R${memory()} ${payload}`);
  } catch (error) {
    console.error('Invoke Error', toldError(error));
    failed(failureOf(error));
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function context({ requestId, functionArn, clientContext, deadline }: Header): object {
  const { env } = process;
  return {
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    awsRequestId: requestId,
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    identity: undefined,
    clientContext: clientContext === undefined ? undefined : (JSON.parse(clientContext) as unknown),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** A look at the memory is a system call or two: one a second will do. */
function measuredNowAndThen(measure: () => number): () => number {
  let last = -Infinity;
  let value = 0;
  return () => {
    const now = performance.now();
    if (now - last > 1000) [last, value] = [now, measure()];
    return value;
  };
}
