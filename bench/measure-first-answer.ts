import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Measurement } from './measurement.ts';

/** From starting `spillway local` to its first answer to an AWS call: right after an edit, and five times more. */
export default {
  title: 'spillway local: process start to first answer of sqs:ListQueues',
  async run() {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    await rm('node_modules/.cache/spillway', { recursive: true, force: true });
    await ask(4600).catch(() => {}); // what the client itself loads for its first call is not to be counted
    const rows = [];
    for (let run = 0; run <= 5; run++)
      rows.push({
        start: run === 0 ? 'the first, which compiles' : `again, ${run}`,
        'first answer (ms)': Math.round(await firstAnswer(4601 + run)),
      });
    return rows;
  },
} satisfies Measurement;

async function firstAnswer(port: number): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['bin/spillway.mjs', 'local', '--port', String(port)], {
    stdio: 'ignore',
  });
  try {
    for (;;) {
      const answer = await ask(port).catch(() => undefined);
      if (answer) return performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

const ask = (port: number) =>
  new SQSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }).send(new ListQueuesCommand({}));
