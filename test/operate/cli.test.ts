import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { awsOfEnvironment } from '../../operate/aws.ts';
import { spillway } from '../e2e/spillway.ts';
import { told } from './told.ts';

/** Nothing of the tester's own AWS set-up. */
const BARE = {
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
};

const KEYS = { ...BARE, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const line = (code: string) => expect.stringMatching(new RegExp(`^spillway: ${code}: [^\\n]+$`));

describe('what goes wrong is one line that says what to do, and an honest exit code', () => {
  test.each([
    ['a type that nobody knows, with the nearest', ['emit', 'order.plce'], {}, 2, 'BAD_COMMAND'],
    ['data that is no JSON', ['emit', 'order.place', '--data', '{'], {}, 1, 'BAD_INPUT'],
    ['data that the contract refuses (B16)', ['emit', 'order.place', '--data', '{}'], {}, 1, 'BAD_INPUT'],
    ['a file that is missing', ['import', '/no/such/file.csv'], {}, 2, 'FILE_MISSING'],
    [
      'a file of something else, before anything is started',
      ['up', 'package.json'],
      {},
      2,
      'FILE_NOT_ORDERS',
    ],
    [
      'a folder of data that is a file',
      ['local', '--port', '0', '--data', 'package.json'],
      {},
      1,
      'DATA_FOLDER',
    ],
    ['no region', ['import'], BARE, 1, 'NO_REGION'],
    ['an endpoint that is no address', ['import'], { AWS_ENDPOINT_URL: 'nowhere' }, 2, 'BAD_OPTION'],
    [
      'an endpoint where nothing listens (B59)',
      ['import'],
      { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      1,
      'UNREACHABLE',
    ],
  ])('%s', async (_what, args, env, code, name) => {
    expect(await told(args, env)).toEqual({ code, lines: [line(name)] });
  });

  test.each([
    ['credentials of nobody (B59)', 400, '{"__type":"UnrecognizedClientException"}', 'NO_CREDENTIALS'],
    ['credentials that have expired (B59)', 400, '{"__type":"ExpiredTokenException"}', 'NO_CREDENTIALS'],
    ['an endpoint that is not AWS’s', 404, '<html>', 'UNREACHABLE'],
  ])('%s', async (_what, status, body, name) => {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const endpoint = { ...KEYS, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
    expect(await told(['status'], endpoint)).toEqual({ code: 1, lines: [line(name)] });
    server.close();
  });

  test('an address that does not answer is given up after 1.3 seconds, three times (B59)', async () => {
    const { maxAttempts, requestHandler } = awsOfEnvironment({ AWS_REGION: 'us-east-1' })(STSClient).config;
    expect(await maxAttempts()).toBe(3);
    expect(await Reflect.get(requestHandler, 'configProvider')).toMatchObject({ connectionTimeout: 1300 });
  });

  test('data that is no JSON is not repeated (I12)', async () => {
    const { lines } = await told(['emit', 'order.place', '--data', 'Karoline'], {});
    expect(lines).toEqual([
      expect.stringMatching(/^spillway: BAD_INPUT: --data is not JSON: .*line 1, column 1/),
    ]);
    expect(lines[0]).not.toContain('Karoline');
  });

  test('nobody reads what is printed any more: no word about it', async () => {
    const { child, ended } = spillway(['dlq', 'redrive', '--help']);
    child.stdout!.destroy();
    expect((await ended).stderr).toBe('');
  });

  test('local names the region that it was given', async () => {
    const { says, child, ended } = spillway(['local', '--port', '0', '--region', 'eu-central-1']);
    await says(/AWS_REGION=eu-central-1\n/);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  test('a port that is no port: usage, 2, which the process ends with', async () => {
    expect((await spillway(['local', '--port', '70000']).ended).code).toBe(2);
  });
});
