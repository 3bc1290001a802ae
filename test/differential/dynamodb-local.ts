/** DynamoDB Local as a child process: AWS's own code, so it knows what we can only read about. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installed, jarsOf, missingJava } from '../toolchain.ts';

/** Why it cannot run here; undefined where it can. */
export const missing = missingJava && `DynamoDB Local needs Java 17 and Maven: ${missingJava}`;

const POM = join(import.meta.dirname, 'pom.xml');

/** The folder of its jars. */
export const dynamoDBLocal = (): Promise<string> =>
  installed('dynamodb-local', [readFileSync(POM, 'utf8')], (folder) => jarsOf(POM, folder));

/** Starts it in memory on a free port of 127.0.0.1. */
export async function startDynamoDBLocal() {
  const jars = await dynamoDBLocal();
  const port = await freePort();
  const java = [`-Djava.library.path=${jars}`, '-cp', join(jars, '*'), MAIN];
  const server = spawn('java', [...java, '-inMemory', '-disableTelemetry', '-port', String(port)], {
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await fetch(endpoint).catch(() => undefined)); tries++) {
    if (tries > 300 || server.exitCode !== null) throw new Error('DynamoDB Local does not start');
    await wait(100);
  }
  return { endpoint, stop: () => server.kill() };
}

const MAIN = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
