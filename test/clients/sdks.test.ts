/** The same round trip by SDKs of other languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEndpoint, type Endpoint } from './endpoint.ts';
import { ROUND_TRIP } from './round-trip.ts';
import { installed, jarsOf, missingJava, missingPython, pythonWith, run, works } from '../toolchain.ts';

const at = (path: string) => join(import.meta.dirname, path);
const contents = (path: string) => readFileSync(at(path), 'utf8');

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.aws.stop());

interface Client {
  /** Why it cannot run here; undefined where it can. */
  missing: string | undefined;
  /** Installs it, and says how to start it. */
  ready(): Promise<[command: string, ...args: string[]]>;
}

const boto3 = (version: string): Client => ({
  missing: missingPython,
  ready: async () => [join(await pythonWith(`boto3${version}`), 'python'), at('python/round_trip.py')],
});

const go: Client = {
  missing: works('go', 'version') ? undefined : 'there is no go on the path',
  async ready() {
    const inputs = ['go/go.mod', 'go/go.sum', 'go/main.go'].map(contents);
    const folder = await installed('aws-sdk-go', inputs, (folder) =>
      run('go', ['build', '-o', join(folder, 'round-trip'), '.'], { cwd: at('go') }),
    );
    return [join(folder, 'round-trip')];
  },
};

const java: Client = {
  missing: missingJava,
  async ready() {
    const pom = at('java/pom.xml');
    const folder = await installed('aws-sdk-java', [contents('java/pom.xml')], (folder) =>
      jarsOf(pom, folder),
    );
    return ['java', '-Dfile.encoding=UTF-8', '-cp', join(folder, '*'), at('java/RoundTrip.java')];
  },
};

describe.each<[string, Client]>([
  ['boto3', boto3('')],
  ['boto3 1.26, which speaks the Query protocol to SQS', boto3('==1.26.165')],
  ['the AWS SDK for Go v2', go],
  ['the AWS SDK for Java v2', java],
])('%s', (_name, { missing, ready }) => {
  test('sends, receives, stores and invokes as on AWS', async ({ skip }) => {
    skip(missing !== undefined, missing);
    const [command, ...args] = await ready();
    await endpoint.aws.stop();
    endpoint = await startEndpoint();
    expect(JSON.parse(await run(command, args, { env: endpoint.env }))).toEqual(ROUND_TRIP);
  });
});
