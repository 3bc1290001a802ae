import { spawn } from 'node:child_process';

/**
 * A tiny process that outlives this one. Stopped processes cannot notice that their parent was killed, so it ends them and
 * removes `folder` when its input ends. It is told the living ones, anew, whenever they change.
 */
export function watchman(folder: string) {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'watchman', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  const input = shell.stdin;
  (input as unknown as { unref(): void }).unref();
  input.on('error', () => {});
  const living = new Set<number>();
  const tell = () => void input.write(`${[...living].join(' ')}\n`);

  return {
    started(pid: number) {
      living.add(pid);
      tell();
    },
    ended(pid: number) {
      living.delete(pid);
      tell();
    },
    stop: () => void input.end(),
  };
}

const SCRIPT =
  'while read -r pids; do living=$pids; done; [ -n "$living" ] && kill -KILL $living; rm -rf "$1"';
