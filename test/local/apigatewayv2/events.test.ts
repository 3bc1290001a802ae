import { afterEach, expect, test } from 'vitest';
import { startEcho, type HttpApi } from './api.ts';

let aws: HttpApi;
afterEach(() => aws.stop());

const SENT = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Custom': 'a', Cookie: 'session=1; theme=dark' },
  body: '{"n":1}',
};

test('format 2.0: lower-case headers, cookies apart, values joined, the path decoded', async () => {
  aws = await startEcho(['POST /users/{name}/orders']);
  const { status, json } = await aws.call('/users/J%C3%B6rg%20Doe/orders?tag=a%20b&tag=c&n=1', SENT);
  expect(status).toBe(200);
  expect(json).toEqual({
    version: '2.0',
    routeKey: 'POST /users/{name}/orders',
    rawPath: '/users/Jörg Doe/orders',
    rawQueryString: 'tag=a%20b&tag=c&n=1',
    cookies: ['session=1', 'theme=dark'],
    headers: {
      'content-length': '7',
      'content-type': 'application/json',
      host: '127.0.0.1:4566',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
      'x-custom': 'a',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: { tag: 'a b,c', n: '1' },
    requestContext: {
      accountId: '000000000000',
      apiId: aws.ApiId,
      domainName: `${aws.ApiId}.execute-api.eu-west-1.amazonaws.com`,
      domainPrefix: aws.ApiId,
      http: {
        method: 'POST',
        path: '/users/Jörg Doe/orders',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      requestId: expect.stringMatching(/=$/),
      routeKey: 'POST /users/{name}/orders',
      stage: '$default',
      time: '01/Jan/2030:00:00:00 +0000',
      timeEpoch: Date.UTC(2030, 0, 1),
    },
    pathParameters: { name: 'Jörg Doe' },
    body: '{"n":1}',
    isBase64Encoded: false,
  });
});

test('format 1.0: what is not there is null, the path as it was sent', async () => {
  aws = await startEcho(['ANY /users/{name}'], { PayloadFormatVersion: '1.0' });
  const { json } = await aws.call('/users/a%20b?tag=1&tag=2', { headers: { 'X-Custom': 'a' } });
  expect(json).toMatchObject({
    version: '1.0',
    resource: '/users/{name}',
    path: '/users/a%20b',
    httpMethod: 'GET',
    headers: { 'X-Custom': 'a', 'Content-Length': '0' },
    multiValueHeaders: { 'X-Custom': ['a'] },
    queryStringParameters: { tag: '2' },
    multiValueQueryStringParameters: { tag: ['1', '2'] },
    requestContext: {
      apiId: aws.ApiId,
      httpMethod: 'GET',
      resourceId: 'ANY /users/{name}',
      resourcePath: '/users/{name}',
      path: '/users/a%20b',
      stage: '$default',
      identity: { sourceIp: '127.0.0.1' },
    },
    pathParameters: { name: 'a b' },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
  });
});

test('a stage of its own name is in the path, and its variables in the event', async () => {
  aws = await startEcho();
  await aws.stage({ StageName: 'dev', StageVariables: { colour: 'red' } });
  const { json } = await aws.call('/dev/orders');
  expect(json).toMatchObject({
    rawPath: '/dev/orders',
    requestContext: { stage: 'dev', http: { path: '/dev/orders' } },
    stageVariables: { colour: 'red' },
  });
});

test.each([
  ['application/octet-stream', true],
  ['application/x-www-form-urlencoded', true],
  ['application/problem+json; charset=utf-8', false],
  ['text/csv', false],
])('a body of type %s is handed over in base 64: %s', async (type, isBase64Encoded) => {
  aws = await startEcho();
  const { json } = await aws.call('/', { method: 'POST', headers: { 'content-type': type }, body: 'a=1' });
  expect(json).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YT0x' : 'a=1' });
});
