/** One environment of a function: loads the handler, then answers invocations, one JSON line each, until it is killed. */
import { existsSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const answers = Number(process.env.ANSWERS_FD);
delete process.env.ANSWERS_FD;

const handler = await load().catch((error) => {
  answer({ type: 'error', error: described(error) });
  process.exit(1);
});
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    answer({ type: 'result', error: described(error) });
    process.exit(129);
  });
answer({ type: 'ready' });

for await (const line of createInterface({ input: process.stdin })) {
  const invocation = JSON.parse(line);
  process.env._X_AMZN_TRACE_ID = invocation['trace-id'];
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    answer({ type: 'result', result: result ?? null });
  } catch (error) {
    answer({ type: 'result', error: described(error) });
  }
}

/** As Lambda finds it: `index.handler` is the export `handler` of index.mjs or index.js. */
async function load() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]+$)/);
  const path = join(process.env.LAMBDA_TASK_ROOT, file);
  const module = existsSync(`${path}.mjs`)
    ? await import(pathToFileURL(`${path}.mjs`).href)
    : createRequire(`${path}.js`)(`${path}.js`);
  if (typeof module[name] === 'function') return module[name];
  throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), {
    name: 'Runtime.HandlerNotFound',
  });
}

function contextOf(invocation) {
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: invocation['invoked-function-arn'],
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: invocation['invoke-id'],
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now()),
  };
}

function described(error) {
  return {
    errorType: error?.name ?? 'Error',
    errorMessage: error?.message ?? String(error),
    trace: String(error?.stack ?? '').split('\n'),
  };
}

function answer(message) {
  writeSync(answers, `${JSON.stringify(message)}\n`);
}
