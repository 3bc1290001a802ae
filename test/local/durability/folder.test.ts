import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as SQS from '@aws-sdk/client-sqs';
import * as SSM from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { openJournal } from '../../../local/durability/journal.ts';
import { lock } from '../../../local/durability/lock.ts';
import { startLocal } from '../../../local/index.ts';
import { newFolder, startKept, type Kept } from './killed.ts';

const put = (aws: Kept, Name: string, Value: string, region?: string) =>
  aws
    .client(SSM.SSMClient, region === undefined ? {} : { region })
    .send(new SSM.PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));

const values = async (aws: Pick<Kept, 'client'>, region?: string) => {
  const { Parameters } = await aws
    .client(SSM.SSMClient, region === undefined ? {} : { region })
    .send(new SSM.GetParametersByPathCommand({ Path: '/' }));
  return Object.fromEntries(Parameters!.map(({ Name, Value }) => [Name, Value]));
};

test('what the end of the file cuts short is dropped, wherever it was cut, and nothing else', async () => {
  const aws = await startKept();
  await put(aws, '/a', '1');
  const path = join(aws.folder, 'journal');
  const before = statSync(path).size;
  await put(aws, '/b', '2');
  const whole = readFileSync(path);
  for (const size of [before + 1, before + 11, before + 12, before + 20, whole.length - 1]) {
    const folder = newFolder();
    writeFileSync(join(folder, 'journal'), whole.subarray(0, size));
    const next = await startLocal({ data: folder });
    expect(await values(next)).toEqual({ '/a': '1' });
    await next.stop();
  }
  expect(await values(await aws.killed())).toEqual({ '/a': '1', '/b': '2' });
});

test('a journal that is damaged in the middle is refused, and so is one of another version or kind', async () => {
  const aws = await startKept();
  await put(aws, '/a', '1');
  const whole = readFileSync(join(aws.folder, 'journal'));
  const started = (bytes: Buffer) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'journal'), bytes);
    return startLocal({ data: folder });
  };
  for (const at of [20, whole.length >> 1]) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    await expect(started(damaged)).rejects.toThrow(/journal is damaged at byte \d+/);
  }
  await expect(started(Buffer.from('spillway data 9\n'))).rejects.toThrow('was written by another version');
  await expect(started(Buffer.from('a diary, not ours'))).rejects.toThrow(
    'is no journal of the embedded AWS',
  );
});

test('a folder belongs to one process, one account and one region', async () => {
  const aws = await startKept();
  await expect(startLocal({ data: aws.folder })).rejects.toThrow(`in use by process ${process.pid}`);
  await expect(aws.killed({ region: 'us-east-1' })).rejects.toThrow('with eu-west-1 as its region');
  await aws.stop();
  const next = await startLocal({ data: aws.folder });
  await next.stop();
});

test('the lock of a living process holds, that of a killed one does not, even when its number is used again', async () => {
  const folder = newFolder();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: other.pid }));
  expect(() => lock(folder)).toThrow(`in use by process ${other.pid}`);
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: other.pid, began: 'long ago' }));
  lock(folder)();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: other.pid }));
  other.kill('SIGKILL');
  await once(other, 'exit');
  const unlock = lock(folder);
  unlock();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('history is given up once it outweighs what counts, and order is kept', () => {
  const folder = newFolder();
  const path = join(folder, 'journal');
  const journal = openJournal(folder);
  const value = Buffer.alloc(2 ** 20, 'x');
  const write = (key: string) => journal.write([{ shelf: 'a/b', key, value }]);
  for (const key of ['z', 'y', 'x']) write(key);
  for (let i = 0; i < 60; i++) write('y');
  expect(statSync(path).size).toBeLessThan(45 * 2 ** 20);
  journal.write([{ shelf: 'a/b', key: 'x', value: undefined }]);
  journal.close();
  const again = openJournal(folder);
  expect([...again.keys('a/b')]).toEqual(['z', 'y']);
  expect(again.read('a/b', 'y').equals(value)).toBe(true);
  again.close();
});

test('a copy that a kill interrupted is ignored', async () => {
  const aws = await startKept();
  await put(aws, '/a', '1');
  await aws.stop();
  appendFileSync(join(aws.folder, 'journal.next'), 'half a copy');
  const next = await startKept({ data: aws.folder });
  expect(await values(next)).toEqual({ '/a': '1' });
});

test('a file that was hardly begun is begun again', async () => {
  const aws = await startKept();
  await aws.stop();
  truncateSync(join(aws.folder, 'journal'), 5);
  const next = await startKept({ data: aws.folder });
  await put(next, '/a', '1');
  expect(await values(await next.killed())).toEqual({ '/a': '1' });
});

test('other regions are kept too', async () => {
  const aws = await startKept();
  await put(aws, '/a', 'here');
  await put(aws, '/a', 'there', 'us-east-2');
  const next = await aws.killed();
  expect(await values(next)).toEqual({ '/a': 'here' });
  expect(await values(next, 'us-east-2')).toEqual({ '/a': 'there' });
});

test('time does not go back, and no name is made up twice', async () => {
  const aws = await startKept();
  const send = async (at: Kept) => {
    const { QueueUrl } = await at
      .client(SQS.SQSClient)
      .send(new SQS.CreateQueueCommand({ QueueName: 'orders' }));
    const { MessageId } = await at
      .client(SQS.SQSClient)
      .send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    return MessageId;
  };
  const first = await send(aws);
  await aws.advance('3d');
  const next = await aws.killed();
  expect(next.world.clock.now()).toBe(aws.world.clock.now());
  expect(await send(next)).not.toBe(first);
  const real = await startKept({ clock: 'real' });
  await real.advance('3d');
  const later = await real.killed();
  expect(later.world.clock.skipped()).toBe(3 * 86_400_000);
});

test('a reset empties the folder too', async () => {
  const aws = await startKept();
  await put(aws, '/a', '1');
  const address = await aws.listen(0);
  await fetch(`${address}/_spillway/reset`, { method: 'POST' });
  await put(aws, '/b', '2');
  expect(await values(await aws.killed())).toEqual({ '/b': '2' });
});

test('without a folder nothing is written', async () => {
  const aws = await startLocal();
  expect(aws.world.durable).toBeUndefined();
  await aws.stop();
});
