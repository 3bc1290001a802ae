import {
  AddTagsToResourceCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let ssm: SSMClient;
beforeEach(async () => {
  aws = await startLocal();
  ssm = aws.client(SSMClient);
});
afterEach(() => aws.stop());

const put = (Name: string, Value: string, Overwrite = false) =>
  ssm.send(new PutParameterCommand({ Name, Value, Overwrite, Type: 'String' }));

test('versions are kept, and found by a selector', async () => {
  await put('/a', 'one');
  await expect(put('/a', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await put('/a', 'two', true);
  expect((await ssm.send(new GetParameterCommand({ Name: '/a' }))).Parameter).toMatchObject({
    Value: 'two',
    Version: 2,
  });
  expect((await ssm.send(new GetParameterCommand({ Name: '/a:1' }))).Parameter).toMatchObject({
    Value: 'one',
    Selector: ':1',
  });
  await expect(ssm.send(new GetParameterCommand({ Name: '/a:9' }))).rejects.toMatchObject({
    name: 'ParameterVersionNotFound',
  });
  const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: '/a' }));
  expect(Parameters.map(({ Value }) => Value)).toEqual(['one', 'two']);
});

test('a path gives what lies directly below it, or everything', async () => {
  for (const name of ['/x/1', '/x/2', '/x/deep/3', '/xy']) await put(name, 'v');
  const names = async (Recursive: boolean) => {
    const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: '/x', Recursive }));
    return Parameters.map(({ Name }) => Name);
  };
  expect(await names(false)).toEqual(['/x/1', '/x/2']);
  expect(await names(true)).toEqual(['/x/1', '/x/2', '/x/deep/3']);
});

test('a path is paged by ten', async () => {
  for (let i = 10; i < 25; i++) await put(`/p/${i}`, 'v');
  const first = await ssm.send(new GetParametersByPathCommand({ Path: '/p' }));
  expect(first.Parameters).toHaveLength(10);
  const second = await ssm.send(new GetParametersByPathCommand({ Path: '/p', NextToken: first.NextToken }));
  expect(second.Parameters).toHaveLength(5);
  expect(second.NextToken).toBeUndefined();
});

test('names that are not there are told apart', async () => {
  await put('/a', 'one');
  const got = await ssm.send(new GetParametersCommand({ Names: ['/a', '/b'] }));
  expect(got.Parameters).toMatchObject([{ Name: '/a' }]);
  expect(got.InvalidParameters).toEqual(['/b']);
  const gone = await ssm.send(new DeleteParametersCommand({ Names: ['/a', '/b'] }));
  expect(gone).toMatchObject({ DeletedParameters: ['/a'], InvalidParameters: ['/b'] });
});

test('tags and filters', async () => {
  await put('/a', 'one');
  await put('/b', 'two');
  const at = { ResourceType: 'Parameter' as const, ResourceId: '/b' };
  await ssm.send(new AddTagsToResourceCommand({ ...at, Tags: [{ Key: 'k', Value: 'v' }] }));
  expect((await ssm.send(new ListTagsForResourceCommand(at))).TagList).toEqual([{ Key: 'k', Value: 'v' }]);
  const found = async (ParameterFilters: { Key: string; Option?: string; Values: string[] }[]) => {
    const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ ParameterFilters }));
    return Parameters.map(({ Name }) => Name);
  };
  expect(await found([{ Key: 'tag:k', Values: ['v'] }])).toEqual(['/b']);
  expect(await found([{ Key: 'Name', Option: 'BeginsWith', Values: ['/'] }])).toEqual(['/a', '/b']);
});

test('a secure string is read only by whoever asks to decrypt it', async () => {
  await ssm.send(new PutParameterCommand({ Name: '/s/1', Value: 'hush', Type: 'SecureString' }));
  const values = async (WithDecryption?: boolean) => {
    const one = await ssm.send(new GetParameterCommand({ Name: '/s/1', WithDecryption }));
    const some = await ssm.send(new GetParametersCommand({ Names: ['/s/1'], WithDecryption }));
    const below = await ssm.send(new GetParametersByPathCommand({ Path: '/s', WithDecryption }));
    const history = await ssm.send(new GetParameterHistoryCommand({ Name: '/s/1', WithDecryption }));
    return [one.Parameter, some.Parameters![0], below.Parameters![0], history.Parameters![0]].map(
      (parameter) => parameter!.Value,
    );
  };
  expect(await values(true)).toEqual(['hush', 'hush', 'hush', 'hush']);
  for (const value of await values()) expect(value).toMatch(/^AQICAH[\w+/]{20,}$/);
});

test('a value of over 4 KiB and keys of the customer are refused by name', async () => {
  await expect(put('/big', 'x'.repeat(4097))).rejects.toThrow(
    'Standard tier parameters support a maximum parameter value of 4096 characters.',
  );
  await expect(
    ssm.send(new PutParameterCommand({ Name: '/s', Value: 'x', Type: 'SecureString', KeyId: 'alias/mine' })),
  ).rejects.toThrow('SecureString parameters with a key of the customer');
});
