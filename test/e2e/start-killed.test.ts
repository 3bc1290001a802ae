import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { synthesized } from './project.ts';
import { spillway } from './spillway.ts';

const MINUTES = 60_000;

describe('npm start -- --exit', () => {
  test(
    'ends with balanced books although function processes are killed in the middle',
    { timeout: 12 * MINUTES },
    async () => {
      const started = spillway(['up', '--exit', '--json', '--port', '0', '--limit', '100'], {
        cwd: await synthesized(),
      });
      const [, endpoint] = await started.says(/Deploying to (\S+)/);
      await started.says(/orders shipped/);
      let killed = 0;
      const timer = setInterval(() => {
        // What a killed function held comes back when its visibility timeout is over: that need not be waited for.
        if (killed >= 6) return void skipAhead(endpoint!, 200_000);
        for (const pid of functionProcesses(started.child.pid!).slice(0, 2)) {
          process.kill(pid, 'SIGKILL');
          killed++;
        }
      }, 1000);
      const { code, stdout } = await started.ended.finally(() => clearInterval(timer));
      expect(killed).toBeGreaterThan(0);
      expect(JSON.parse(stdout)).toMatchObject({ orders: 100, accepted: 100, deadLetters: 0, missing: [] });
      expect(code).toBe(0);
    },
  );
});

/** The processes that run functions: those below `root` that were started with a bootstrap of the host. */
function functionProcesses(root: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)!);
  return rows
    .filter(([, , parent, args]) => Number(parent) === root && args!.includes('bootstrap'))
    .map(([, pid]) => Number(pid));
}

/** A server that has ended meanwhile needs no skipping. */
const skipAhead = (endpoint: string, advanceMs: number) =>
  fetch(`${endpoint}/_spillway/clock`, { method: 'POST', body: JSON.stringify({ advanceMs }) }).catch(
    () => {},
  );
