import { afterEach, expect, test } from 'vitest';
import { bundle, startFunctions, type Functions } from '../lambda/fixture.ts';

let aws: Functions;
afterEach(() => aws.stop());

const FUNCTION = bundle(`
  import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
  import { randomBytes, randomUUID } from 'node:crypto';
  const ssm = new SSMClient({ maxAttempts: 5 });
  const put = (Name) => ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', Overwrite: true }));
  export const handler = async () => {
    const began = Date.now();
    for (const name of ['a', 'b', 'c']) await put(name);
    return [began, Date.now() - began, Math.random(), randomUUID(), crypto.randomUUID(), randomBytes(4).toString('hex')];
  };`);
const trace = async (seed: number) => {
  aws = await startFunctions({ seed, faults: [{ fault: 'throttle', service: 'ssm', probability: 0.4 }] });
  const seen: string[] = [];
  aws.world.activity.listen((happening) => seen.push(JSON.stringify(happening)));
  await aws.make(await FUNCTION, { Timeout: 60 });
  const answers = Promise.all([1, 2, 3].map(() => aws.invoke()));
  await aws.advance('1m');
  return JSON.stringify([(await answers).map(({ payload, log }) => [payload, log]), seen]);
};

test('the same seed gives the same trace, another seed another (I14)', async () => {
  const first = await trace(7);
  expect(await trace(7)).toBe(first);
  expect(await trace(8)).not.toBe(first);
  expect(first).toContain('ThrottlingException');
});

test('a crash in the middle of an invocation ends that environment only', async () => {
  aws = await startFunctions({ faults: [{ fault: 'crash', service: 'lambda', times: 1 }] });
  await aws.make(await FUNCTION, { Timeout: 60 });
  expect((await aws.invoke()).payload).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('signal: killed'),
  });
  expect((await aws.invoke()).error).toBeUndefined();
});

test('a freeze in the middle of an invocation lets time pass outside', async () => {
  aws = await startFunctions({ faults: [{ fault: 'freeze', service: 'lambda', times: 1, by: '20s' }] });
  await aws.make(await FUNCTION, { Timeout: 60 });
  const answer = aws.invoke();
  await aws.advance('19s');
  expect(await Promise.race([answer, Promise.resolve('still waiting')])).toBe('still waiting');
  await aws.advance('2s');
  expect((await answer).error).toBeUndefined();
});

test('a skewed clock is wrong inside only', async () => {
  aws = await startFunctions({ faults: [{ fault: 'skew', service: 'lambda', by: '1h' }] });
  await aws.make(`exports.handler = async () => Date.now();`);
  expect((await aws.invoke()).payload).toBe(aws.world.clock.now() + 3_600_000);
});

test('between invocations nothing goes on: a timer fires at the thaw', async () => {
  aws = await startFunctions();
  await aws.make(
    `let fired = []; exports.handler = async () => { const was = [...fired]; setTimeout(() => fired.push(Date.now()), 1000); return was; };`,
  );
  await aws.invoke();
  const began = aws.world.clock.now();
  await aws.advance('5m');
  expect((await aws.invoke()).payload).toEqual([began + 300_000]);
});

test.each([
  [`require('fs').readFileSync('/etc/passwd')`, 'ENOENT'],
  [`require('fs').writeFileSync('/var/task/x', '')`, 'EROFS'],
  [`require('child_process').spawn('ls')`, 'does not model child_process.spawn'],
  [`await fetch('http://example.com')`, 'fetch failed'],
  [`await new Promise((_, no) => require('http').get('http://example.com').on('error', no))`, 'ECONNREFUSED'],
  [`require('net').connect(80)`, 'does not model net.connect'],
])('%s does not leave the simulation', async (statement, message) => {
  aws = await startFunctions();
  await aws.make(`exports.handler = async () => { ${statement}; };`);
  expect((await aws.invoke()).payload).toMatchObject({ errorMessage: expect.stringContaining(message) });
});

test('/tmp is its own and stays', async () => {
  aws = await startFunctions();
  await aws.make(
    `const fs = require('fs'); exports.handler = async () => { await fs.promises.appendFile('/tmp/n', 'x'); return fs.readFileSync('/tmp/n', 'utf8'); };`,
  );
  expect([(await aws.invoke()).payload, (await aws.invoke()).payload]).toEqual(['x', 'xx']);
});

test('an error that Node throws is an Error inside', async () => {
  aws = await startFunctions();
  await aws.make(
    `exports.handler = async () => { try { require('fs').readFileSync('/tmp/none'); } catch (e) { return [e instanceof Error, new TypeError() instanceof Error, {} instanceof Error, e instanceof TypeError]; } };`,
  );
  expect((await aws.invoke()).payload).toEqual([true, true, false, false]);
});
