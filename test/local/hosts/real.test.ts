import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFunctions, zip, type Functions } from '../lambda/fixture.ts';

let aws: Functions;
let made = 0;
/** A function of its own for each test, so that none waits for another's processes. */
const invokable = async (code: string, settings: object = {}) => {
  const FunctionName = `f${made++}`;
  await aws.make(code, { FunctionName, Timeout: 20, MemorySize: 512, ...settings });
  return Object.assign((event: unknown = {}) => aws.invoke(event, { FunctionName }), { FunctionName });
};
beforeAll(async () => {
  aws = await startFunctions({ host: 'real', clock: 'real' });
});
afterAll(() => aws.stop());

test('an invocation runs in a process of its own, which is used again', async () => {
  const invoke = await invokable(`let n = 0; exports.handler = async () => [process.pid, ++n];`);
  const first = (await invoke()).payload as [number, number];
  expect(first[0]).not.toBe(process.pid);
  expect((await invoke()).payload).toEqual([first[0], 2]);
});

test('between invocations the process stands still', async () => {
  const invoke = await invokable(
    `let n = 0; exports.handler = async () => { setInterval(() => n++, 1).unref(); return process.pid; };`,
  );
  const pid = (await invoke()).payload as number;
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2]).toBe('T');
});

test('its environment is what Lambda gives and nothing of this process', async () => {
  process.env['LEAK'] = 'x';
  const invoke = await invokable(`exports.handler = async () => process.env;`, {
    Environment: { Variables: { OWN: 'y' } },
  });
  const { payload } = await invoke();
  expect(payload).toMatchObject({
    OWN: 'y',
    AWS_REGION: 'eu-west-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  });
  expect(payload).not.toHaveProperty('LEAK');
});

test('what is printed becomes log lines and never an answer', async () => {
  const invoke = await invokable(
    `exports.handler = async () => { console.log('one\\ntwo'); process.stdout.write('raw\\n'); return 1; };`,
  );
  const { payload, log } = await invoke();
  expect(payload).toBe(1);
  expect(log).toMatch(/START.*\n.*\tINFO\tone\ntwo\nraw\nEND.*\nREPORT.*Init Duration/);
});

test('what is printed comes whole and in order, also when it is more than a pipe takes at once', async () => {
  const invoke = await invokable(
    `exports.handler = async () => { for (let i = 0; i < 40; i++) process.stdout.write(i + 'x'.repeat(50_000) + '\\n'); console.log('last'); return 'y'.repeat(500_000); };`,
  );
  const { payload, log } = await invoke();
  expect(payload).toBe('y'.repeat(500_000));
  expect(log).toMatch(/x{3000,}\n.*\tINFO\tlast\nEND/);
});

test('a process that ends itself ends alone, and the next invocation gets a new one', async () => {
  const invoke = await invokable(
    `exports.handler = async ({ end }) => { if (end) process.exit(3); return 'alive'; };`,
  );
  expect((await invoke({ end: true })).payload).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
  });
  expect((await invoke()).payload).toBe('alive');
});

test('a process that hangs is killed at the time-out; its /tmp survives', async () => {
  const invoke = await invokable(
    `const fs = require('fs'); exports.handler = async ({ hang }) => { if (hang) { fs.writeFileSync('/tmp/mark', 'x'); console.log('about to hang'); for (;;); } return fs.readdirSync('/tmp'); };`,
    { Timeout: 1 },
  );
  const { payload, log } = await invoke({ hang: true });
  expect(payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(log).toContain('about to hang');
  expect((await invoke()).payload).toEqual(['mark']);
  expect(existsSync('/tmp/mark')).toBe(false);
});

test('a process that takes more memory than it has is ended', async () => {
  const invoke = await invokable(
    `exports.handler = async () => { const held = []; for (let i = 0; i < 100; i++) { held.push(Buffer.alloc(2 ** 24, 1)); await new Promise((r) => setTimeout(r, 20)); } return held.length; };`,
    { MemorySize: 128 },
  );
  expect((await invoke()).payload).toMatchObject({
    errorType: 'Runtime.OutOfMemory',
    errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
  });
});

test('an exception outside of the handler ends the process and names itself', async () => {
  const invoke = await invokable(
    `exports.handler = () => new Promise(() => setTimeout(() => { throw new TypeError('late'); }, 1));`,
  );
  expect((await invoke()).payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'late' });
});

test('an ES module with top-level await runs', async () => {
  const invoke = await invokable('', {
    Code: {
      ZipFile: zip({
        'index.mjs': `const n = await Promise.resolve(7); export const handler = async () => n;`,
      }),
    },
  });
  expect((await invoke()).payload).toBe(7);
});

test.each<Record<string, string>>([
  { 'index.mjs': `export * from '@aws-sdk/lib-dynamodb'; export const handler = async () => 'loaded';` },
  { 'index.js': `require('@aws-sdk/util-dynamodb'); exports.handler = async () => 'loaded';` },
])('%j finds what the host supplies of the SDK', async (files) => {
  const invoke = await invokable('', { Code: { ZipFile: zip(files) } });
  expect((await invoke()).payload).toBe('loaded');
});

test.each([
  [{ 'index.js': 'exports.other = 1' }, 'Runtime.HandlerNotFound'],
  [{ 'other.js': '' }, 'Runtime.ImportModuleError'],
  [{ 'index.js': 'syntax error' }, 'Runtime.UserCodeSyntaxError'],
  [{ 'index.js': `require('not-there')` }, 'Runtime.ImportModuleError'],
  [{ 'index.mjs': `import '@aws-sdk/client-rekognition'` }, 'Runtime.ImportModuleError'],
  [
    { 'index.js': 'exports.handler = (event, context, callback) => callback()' },
    'Runtime.CallbackHandlerDeprecated',
  ],
])('%j fails as %s, and says so in the log', async (files, errorType) => {
  const invoke = await invokable('', { Code: { ZipFile: zip(files) } });
  const { payload, log } = await invoke();
  expect(payload).toMatchObject({ errorType });
  expect(log).toContain(`\tERROR\tUncaught Exception {"errorType":"${errorType}"`);
});

test('a handler that takes a callback may use it up to Node 22', async () => {
  const invoke = await invokable(
    `exports.handler = (event, context, callback) => callback(null, 'called');`,
    { Runtime: 'nodejs22.x' },
  );
  expect((await invoke()).payload).toBe('called');
});

test('when the clock skips ahead, functions see it, and what they have left of their time stays', async () => {
  const invoke = await invokable(
    `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return Date.now(); };`,
  );
  await invoke();
  const under = invoke();
  await aws.advance('1h');
  expect((await under).error).toBeUndefined();
  expect(Math.abs(((await invoke()).payload as number) - aws.world.clock.now())).toBeLessThan(1000);
});

test('new code replaces the running processes in place', async () => {
  const invoke = await invokable(`exports.handler = async () => 'old';`);
  await invoke();
  const { FunctionName } = invoke;
  await aws.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: zip({ 'index.js': `exports.handler = async () => 'new';` }),
    }),
  );
  expect((await invoke()).payload).toBe('new');
});

test('everything ends with the host', async () => {
  const other = await startFunctions({ host: 'real', clock: 'real' });
  await other.make(`exports.handler = async () => [process.pid, __dirname];`);
  const [pid, folder] = (await other.invoke()).payload as [number, string];
  await other.stop();
  await expect
    .poll(() => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2])
    .not.toBe('T');
  expect(() => readdirSync(folder)).toThrow('ENOENT');
});
