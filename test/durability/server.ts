/** `spillway local --data` as a process of its own, to be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/spillway.mjs', import.meta.url));

export interface Server {
  endpoint: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Resolves when it answers; rejects with what it wrote when it ends before. */
export async function startServer(port: number, folder: string): Promise<Server> {
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [PROGRAM, 'local', '--port', String(port), '--region', 'eu-west-1', '--data', folder],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  while (!(await answers(endpoint))) {
    if (hasEnded(child)) throw new Error(`The server ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    endpoint,
    async kill() {
      if (hasEnded(child)) throw new Error(`The server ended by itself: ${said}`);
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

const answers = (endpoint: string) =>
  fetch(`${endpoint}/_spillway/health`).then(
    ({ ok }) => ok,
    () => false,
  );

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
