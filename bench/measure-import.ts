import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Measurement } from './measurement.ts';

/** The whole of `npm start -- --exit`: synthesize, deploy, import all orders, wait for every delivery, balance. */
export default {
  title: 'npm start -- --exit, all orders of superstore.csv',
  async run() {
    const began = performance.now();
    const summary = JSON.parse(await stdoutOf(['bin/spillway.mjs', 'up', '--exit', '--json', '--port', '0']));
    const { orders, shipped, cancelled, deadLetters, seconds, ordersPerSecond, maxRssMiB, latencyMs } =
      summary;
    return [
      {
        orders,
        shipped,
        cancelled,
        deadLetters,
        'whole command (s)': Math.round((performance.now() - began) / 100) / 10,
        'import (s)': seconds,
        'orders/s': ordersPerSecond,
        'p50 (ms)': latencyMs.p50,
        'p99 (ms)': latencyMs.p99,
        'max RSS of all processes (MiB)': maxRssMiB,
      },
    ];
  },
} satisfies Measurement;

const stdoutOf = (args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`spillway up ended with ${code}`)),
    );
  });
