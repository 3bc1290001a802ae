/** As a library: `startLocal()` and a client's first answer, in a fresh process and again in the same. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './rounds.ts';

const PROCESSES = 7;

export async function libraryRows() {
  const first: number[] = [];
  const further: number[] = [];
  for (let i = 0; i <= PROCESSES; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['bench/local/in-process.mjs']);
    if (i === 0) continue;
    const measured = JSON.parse(stdout) as { first: number; further: number };
    first.push(measured.first);
    further.push(measured.further);
  }
  return [
    {
      what: 'first startLocal() of a process, to its first answer (ms)',
      spillway: Math.round(median(first)),
      wanted: '',
    },
    {
      what: 'a further startLocal() in it, to its first answer (ms)',
      spillway: Math.round(median(further)),
      wanted: '< 100',
    },
  ];
}
