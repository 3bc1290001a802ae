import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundle, startFunctions, type Functions } from './fixture.ts';

let aws: Functions;
beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

test('a function answers what its handler returns', async () => {
  await aws.make(`exports.handler = async (event) => ({ got: event.x });`);
  expect(await aws.invoke({ x: 1 })).toMatchObject({ payload: { got: 1 }, error: undefined });
});

test('a handler that returns nothing answers null', async () => {
  await aws.make(`exports.handler = async () => {};`);
  expect((await aws.invoke()).payload).toBeNull();
});

test('a bundled ES module runs', async () => {
  await aws.make(await bundle(`export const handler = async () => import.meta.url`, 'esm'));
  expect((await aws.invoke()).payload).toBe('file:///var/task/index.mjs');
});

test('an instance is reused and keeps its state', async () => {
  await aws.make(`let n = 0; exports.handler = async () => ++n;`);
  expect([(await aws.invoke()).payload, (await aws.invoke()).payload]).toEqual([1, 2]);
});

test('a thrown error is the payload, and the status stays 200', async () => {
  await aws.make(`exports.handler = async () => { throw new RangeError('too far'); };`);
  const { error, payload } = await aws.invoke();
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  expect((payload as { trace: string[] }).trace[0]).toBe('RangeError: too far');
});

test('the log tail has START, what was logged, END and REPORT', async () => {
  await aws.make(`exports.handler = async () => console.log('hello', { a: 1 });`);
  const { log } = await aws.invoke();
  expect(log.split('\n').map((line) => line.replace(/[0-9a-f-]{36}/, 'ID'))).toEqual([
    'START RequestId: ID Version: $LATEST',
    '2030-01-01T00:00:00.000Z\tID\tINFO\thello { a: 1 }',
    'END RequestId: ID',
    expect.stringMatching(
      /^REPORT RequestId: ID\tDuration: 0.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t/,
    ),
    '',
  ]);
});

test('an invocation that takes too long is ended, and its instance with it', async () => {
  await aws.make(
    `let n = 0; exports.handler = async () => { if (n++ === 0) await new Promise(() => {}); return n; };`,
    { Timeout: 1 },
  );
  const slow = aws.invoke();
  await aws.advance('1s');
  expect((await slow).payload).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$/,
    ),
  });
  const after = aws.invoke();
  await aws.advance('1s');
  expect((await after).payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
});

test('time inside of a function is the time of the world', async () => {
  await aws.make(
    `exports.handler = async () => { const t = Date.now(); await new Promise((r) => setTimeout(r, 1500)); return [t, Date.now() - t, new Date().getTime() - t]; };`,
  );
  const answer = aws.invoke();
  await aws.advance('2s');
  expect((await answer).payload).toEqual([Date.UTC(2030, 0, 1), 1500, 1500]);
});

test('a function reaches AWS with the SDK in its bundle', async () => {
  await aws.make(
    await bundle(`
      import { SSMClient, PutParameterCommand, GetParameterCommand } from '@aws-sdk/client-ssm';
      const ssm = new SSMClient();
      export const handler = async () => {
        await ssm.send(new PutParameterCommand({ Name: 'n', Value: 'v', Type: 'String' }));
        return (await ssm.send(new GetParameterCommand({ Name: 'n' }))).Parameter?.Value;
      };`),
  );
  expect((await aws.invoke()).payload).toBe('v');
});

test('a function that leaves the SDK out of its bundle gets it from the host', async () => {
  await aws.make(
    `const { SSMClient, PutParameterCommand } = require('@aws-sdk/client-ssm');
     exports.handler = async () => (await new SSMClient().send(new PutParameterCommand({ Name: 'n', Value: 'v', Type: 'String' }))).Version;`,
  );
  expect((await aws.invoke()).payload).toBe(1);
});

test('the document client of DynamoDB is among what the host supplies', async () => {
  await aws.make(
    `const { DynamoDBDocumentClient, PutCommand } = require('@aws-sdk/lib-dynamodb');
     const { marshall } = require('@aws-sdk/util-dynamodb');
     exports.handler = async () => [typeof DynamoDBDocumentClient.from, new PutCommand({ Item: {} }).input, marshall({ n: 1 })];`,
  );
  expect((await aws.invoke()).payload).toEqual(['function', { Item: {} }, { n: { N: '1' } }]);
});

test('a package of the SDK that is not supplied is named, also in the log', async () => {
  await aws.make(`require('@aws-sdk/client-rekognition');`);
  const { payload, log } = await aws.invoke();
  expect(payload).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringMatching(
      /^Error: Cannot find module '@aws-sdk\/client-rekognition'[^]*not @aws-sdk\/client-rekognition: put it in the function's bundle\.$/,
    ),
  });
  expect(log).toMatch(/\tundefined\tERROR\tUncaught Exception \{.*client-rekognition/);
});
