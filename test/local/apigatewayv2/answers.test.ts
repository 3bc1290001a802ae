import { afterEach, describe, expect, test } from 'vitest';
import { permit, startEcho, startHttpApi, type HttpApi } from './api.ts';

let aws: HttpApi;
afterEach(() => aws.stop());

const BROKEN = { status: 500, text: '{"message":"Internal Server Error"}' };

describe('of what a function answers in format 2.0', () => {
  test.each([
    ['an object without a status', '({ n: 1 })', { status: 200, text: '{"n":1}' }, 'application/json'],
    ['a text', '"Hello"', { status: 200, text: '"Hello"' }, 'application/json'],
    ['a status alone', '({ statusCode: 204 })', { status: 204, text: '' }, 'text/plain; charset=utf-8'],
    [
      'base 64',
      '({ statusCode: 200, headers: { "Content-Type": "image/png" }, body: "YT0x", isBase64Encoded: true })',
      { status: 200, text: 'a=1' },
      'image/png',
    ],
    ['a status that is no whole number', '({ statusCode: 200.5 })', BROKEN, 'application/json'],
    ['an exception', '{ throw new Error("no"); }', BROKEN, 'application/json'],
  ])('%s is answered as AWS does', async (_what, answer, expected, type) => {
    aws = await startEcho(['$default'], {}, answer);
    const got = await aws.call('/');
    expect(got).toMatchObject({ ...expected, headers: { 'content-type': type } });
    expect(got.headers['apigw-requestid']).toMatch(/=$/);
  });

  test('cookies become headers of their own', async () => {
    aws = await startEcho(['$default'], {}, '({ statusCode: 200, cookies: ["a=1", "b=2; Secure"] })');
    expect((await aws.call('/')).headers['set-cookie']).toEqual(['a=1', 'b=2; Secure']);
  });
});

test.each([
  ['({ n: 1 })', BROKEN],
  ['({ statusCode: "201", body: "made" })', { status: 201, text: 'made' }],
])('in format 1.0 %s is %j', async (answer, expected) => {
  aws = await startEcho(['$default'], { PayloadFormatVersion: '1.0' }, answer);
  expect(await aws.call('/')).toMatchObject(expected);
});

test('what is not there is not found: an API, a stage, a route', async () => {
  aws = await startEcho(['GET /orders']);
  const NOT_FOUND = { status: 404, text: '{"message":"Not Found"}' };
  expect(await aws.call('/orders')).toMatchObject({ status: 200 });
  expect(await aws.call('/orders/')).toMatchObject(NOT_FOUND);
  expect(await aws.call('/orders', { method: 'POST' })).toMatchObject(NOT_FOUND);
  expect(await aws.call('/dev/orders')).toMatchObject(NOT_FOUND);
});

test('a function that takes longer than its integration allows is unavailable', async () => {
  aws = await startEcho(
    ['$default'],
    { TimeoutInMillis: 1000 },
    'new Promise((done) => setTimeout(done, 2000))',
  );
  expect(await aws.call('/')).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
});

test.each([
  ['*/*/orders/{id}', 200],
  ['*/GET/orders/{id}', 200],
  ['*/POST/orders/{id}', 500],
  ['*/*/orders/7', 500],
])('a permission for %s lets the route GET /orders/{id} through: %i', async (within, status) => {
  aws = await startHttpApi();
  await aws.make('exports.handler = async () => ({ statusCode: 200 });');
  await permit(aws, within);
  await aws.routes(['GET /orders/{id}']);
  await aws.stage();
  expect((await aws.call('/orders/7')).status).toBe(status);
});

test('more requests than a stage takes are refused', async () => {
  aws = await startEcho();
  await aws.stage({
    StageName: 'slow',
    DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
  });
  expect((await aws.call('/slow/')).status).toBe(200);
  expect(await aws.call('/slow/')).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
  await aws.advance('1s');
  expect((await aws.call('/slow/')).status).toBe(200);
});

test('a request that is too large does not reach the function', async () => {
  aws = await startEcho();
  expect(await aws.call('/', { method: 'POST', body: 'a'.repeat(10_485_761) })).toMatchObject({
    status: 413,
    text: '{"message":"Request Entity Too Large"}',
  });
  expect(await aws.call('/', { headers: { a: 'a'.repeat(10_240) } })).toMatchObject({
    status: 431,
    text: '{"message":"Request Header Fields Too Large"}',
  });
});
