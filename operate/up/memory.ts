import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Watches how much memory this process and all it started hold together. `stop` gives the most that was seen, in MiB. */
export function watchMemory({ every = 2000 }: { /** Milliseconds. @default 2000 */ every?: number } = {}) {
  let most = 0;
  const look = async () => {
    most = Math.max(most, await residentMiB(process.pid).catch(() => 0));
  };
  const timer = setInterval(() => void look(), every).unref();
  return {
    async stop(): Promise<number> {
      clearInterval(timer);
      await look();
      return Math.round(most);
    },
  };
}

/** Resident memory of a process and its descendants in MiB, as `ps` knows it. */
async function residentMiB(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const family = new Set([root]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const [pid, parent] of processes) if (family.has(parent)) family.add(pid);
  }
  return processes.reduce((sum, [pid, , kib]) => (family.has(pid) ? sum + kib : sum), 0) / 1024;
}
