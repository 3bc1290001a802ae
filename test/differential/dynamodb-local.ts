/** DynamoDB Local as a child process: AWS's own code, so it knows what we can only read about. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const JARS = fileURLToPath(new URL('./target/dependency', import.meta.url));

/** Why it cannot run here; undefined where it can. */
export const missing = existsSync(JARS)
  ? undefined
  : 'DynamoDB Local is not here: mvn -q -f test/differential/pom.xml dependency:copy-dependencies';

/** Starts it in memory on a free port of 127.0.0.1. */
export async function startDynamoDBLocal() {
  const port = await freePort();
  const process = spawn(
    'java',
    [
      `-Djava.library.path=${JARS}`,
      '-cp',
      `${JARS}/*`,
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { stdio: 'ignore' },
  );
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 300 || process.exitCode !== null) throw new Error('DynamoDB Local does not start');
    await wait(100);
  }
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => process.kill() };
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
