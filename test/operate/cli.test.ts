import { describe, expect, test } from 'vitest';
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
      {
        ...BARE,
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
      1,
      'UNREACHABLE',
    ],
  ])('%s', async (_what, args, env, code, name) => {
    expect(await told(args, env)).toEqual({ code, lines: [line(name)] });
  });

  test('nobody reads what is printed any more: no word about it', async () => {
    const { child, ended } = spillway(['dlq', 'redrive', '--help']);
    child.stdout!.destroy();
    expect((await ended).stderr).toBe('');
  });

  test('a port that is no port: usage, 2, which the process ends with', async () => {
    expect((await spillway(['local', '--port', '70000']).ended).code).toBe(2);
  });
});
