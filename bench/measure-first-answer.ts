import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Measurement } from './measurement.ts';

/** From starting `spillway local` to its first answer to an AWS call, five times. */
export default {
  title: 'spillway local: process start to first answer of sqs:ListQueues',
  async run() {
    const rows = [];
    for (let run = 1; run <= 5; run++)
      rows.push({ run, 'first answer (ms)': Math.round(await firstAnswer(4600 + run)) });
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
      if (answer?.ok) return performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

const ask = (port: number) =>
  fetch(`http://127.0.0.1:${port}/_spillway/health`, { signal: AbortSignal.timeout(5000) });
