import { request as httpRequest } from 'node:http';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../local/index.ts';

let aws: Local;
let endpoint: string;
beforeEach(async () => {
  aws = await startLocal();
  endpoint = await aws.listen(0);
});
afterEach(() => aws.stop());

const get = (path: string) => fetch(`${endpoint}/_spillway/${path}`);
const post = (path: string, body: unknown = {}) =>
  fetch(`${endpoint}/_spillway/${path}`, { method: 'POST', body: JSON.stringify(body) });

test('health lists what runs', async () => {
  const answer = await get('health');
  expect(await answer.json()).toMatchObject({ status: 'ok', services: expect.arrayContaining(['ssm']) });
});

test('the clock skips ahead and answers once everything due has happened', async () => {
  const { now } = (await (await get('clock')).json()) as { now: number };
  let rang = false;
  aws.world.clock.after(60_000, () => (rang = true));
  const answer = await post('clock', { advanceMs: 90_000 });
  expect(await answer.json()).toEqual({ now: now + 90_000 });
  expect(rang).toBe(true);
});

test('the Date of every answer follows the clock, so that SDKs correct theirs', async () => {
  await post('clock', { advanceMs: 86_400_000 });
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: '{}',
  });
  expect(answer.headers.get('date')).toBe('Wed, 02 Jan 2030 00:00:00 GMT');
});

test('reset forgets all state and keeps the time', async () => {
  const ssm = aws.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
  await aws.advance('1d');
  const before = aws.world.clock.now();
  expect((await post('reset')).status).toBe(200);
  await expect(ssm.send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  expect(aws.world.clock.now()).toBe(before);
});

test('faults are declared, listed and struck', async () => {
  await post('faults', { faults: [{ fault: 'throttle', service: 'ssm', times: 1 }] });
  expect(await (await get('faults')).json()).toEqual({
    faults: [{ fault: 'throttle', service: 'ssm', times: 1 }],
  });
  const ssm = aws.client(SSMClient);
  const put = () => ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
  await expect(put()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await expect(put()).resolves.toMatchObject({ Version: 1 });
});

test('activity streams what happens', async () => {
  const { body } = await get('activity');
  const reader = body!.getReader();
  await aws.client(SSMClient).send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
  const { value } = await reader.read();
  expect(
    JSON.parse(
      Buffer.from(value ?? [])
        .toString()
        .slice('data: '.length),
    ),
  ).toMatchObject({
    kind: 'call',
    service: 'ssm',
    operation: 'PutParameter',
    at: aws.world.clock.now(),
  });
  await reader.cancel();
});

test.each([
  ['an unknown control', 'POST', 'nothing', '{}', 404, 'NO_SUCH_CONTROL'],
  ['a wrong method', 'POST', 'health', '{}', 405, 'WRONG_METHOD'],
  ['no JSON', 'POST', 'clock', '{', 400, 'BAD_JSON'],
  ['time that runs backwards', 'POST', 'clock', '{"advanceMs":-1}', 400, 'BAD_ADVANCE'],
  ['an unknown fault', 'POST', 'faults', '{"faults":[{"fault":"meteor"}]}', 400, 'BAD_FAULT'],
  ['an unknown field', 'POST', 'faults', '{"faults":[{"fault":"error","sometimes":true}]}', 400, 'BAD_FAULT'],
])('%s is refused as a problem', async (_what, method, path, body, status, code) => {
  const answer = await fetch(`${endpoint}/_spillway/${path}`, { method, body });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({ status, code, title: expect.any(String) });
  expect(answer.status).toBe(status);
});

test('a fault that is none is told which ones there are', async () => {
  const answer = await fetch(`${endpoint}/_spillway/faults`, {
    method: 'POST',
    body: '{"faults":[{"fault":"meteor"}]}',
  });
  expect(await answer.json()).toMatchObject({ hint: expect.stringMatching(/^Faults are error, throttle, /) });
});

test.each([[{ origin: 'http://example.com' }], [{ host: 'rebound.example.com' }]])(
  'a web page cannot reach the controls: %j',
  async (headers) => {
    const status = await new Promise((resolve, reject) => {
      httpRequest(`${endpoint}/_spillway/reset`, { method: 'POST', headers }, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  },
);
