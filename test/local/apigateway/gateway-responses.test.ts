import { PutGatewayResponseCommand, type PutGatewayResponseCommandInput } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import { startApi, startEcho, type Api } from './api.ts';

let aws: Api;
afterEach(() => aws.stop());

const say = (responseType: PutGatewayResponseCommandInput['responseType'], response: object) =>
  aws.gateway.send(new PutGatewayResponseCommand({ restApiId: aws.restApiId, responseType, ...response }));

test('a path or a method that is not there is a missing authentication token', async () => {
  aws = await startApi();
  await aws.route('GET /orders');
  await aws.publish();
  const expected = {
    status: 403,
    text: '{"message":"Missing Authentication Token"}',
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': 'MissingAuthenticationTokenException',
    },
  };
  expect(await aws.call('/elsewhere')).toMatchObject(expected);
  expect(await aws.call('/orders', { method: 'POST' })).toMatchObject(expected);
  expect(await aws.call('/orders/')).toMatchObject({ status: 200 });
});

test('the most specific resource that has the method answers', async () => {
  aws = await startApi();
  for (const [route, status] of [
    ['OPTIONS /{proxy+}', '200'],
    ['GET /{proxy+}', '201'],
    ['POST /part1', '202'],
    ['GET /part1/{id}', '203'],
    ['GET /part1/hardcoded', '204'],
  ] as const) {
    await aws.route(route);
    await aws.answer(route, status);
  }
  await aws.publish();
  const status = async (path: string, method = 'GET') => (await aws.call(path, { method })).status;
  expect(await status('/part1', 'OPTIONS')).toBe(200);
  expect(await status('/part1', 'GET')).toBe(201);
  expect(await status('/part1', 'POST')).toBe(202);
  expect(await status('/part1/x')).toBe(203);
  expect(await status('/part1/hardcoded')).toBe(204);
  expect(await status('/part1/x/y')).toBe(201);
});

test('a response is worded by the type, with variables filled in', async () => {
  aws = await startApi();
  await aws.route('GET /orders/{id}');
  await aws.route('GET /locked/{id}', { apiKeyRequired: true });
  await say('INVALID_API_KEY', {
    statusCode: '401',
    responseParameters: {
      'gatewayresponse.header.X-Fixed': "'fixed'",
      'gatewayresponse.header.X-Accept': 'method.request.header.Accept',
      'gatewayresponse.header.X-Query': 'method.request.querystring.q',
      'gatewayresponse.header.X-Path': 'method.request.path.id',
      'gatewayresponse.header.X-Id': 'context.requestId',
      'gatewayresponse.header.X-None': 'method.request.header.None',
    },
    responseTemplates: {
      'application/json':
        '{"m":$context.error.messageString,"t":"$context.error.responseType","s":"$context.stage","p":"$context.resourcePath","v":"$stageVariables.a","none":"$context.nothing"}',
      'text/plain': 'no: $context.error.message',
    },
  });
  await aws.publish({ a: 'b' });
  const { status, headers, json } = await aws.call('/locked/7?q=1', { headers: { Accept: 'image/png' } });
  expect(status).toBe(401);
  expect(json).toEqual({
    m: 'Forbidden',
    t: 'INVALID_API_KEY',
    s: 'dev',
    p: '/locked/{id}',
    v: 'b',
    none: '',
  });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-fixed': 'fixed',
    'x-accept': 'image/png',
    'x-query': '1',
    'x-path': '7',
    'x-id': headers['x-amzn-requestid'],
  });
  expect(headers).not.toHaveProperty('x-none');
  expect(await aws.call('/locked/7', { headers: { Accept: 'text/plain' } })).toMatchObject({
    text: 'no: Forbidden',
    headers: { 'content-type': 'text/plain' },
  });
});

test('a response for a whole class keeps the status of the type', async () => {
  aws = await startEcho({}, '"malformed"');
  await say('DEFAULT_4XX', { responseTemplates: { 'application/json': '4' } });
  await say('DEFAULT_5XX', { responseTemplates: { 'application/json': '5' } });
  await aws.toFunction('GET /locked', { apiKeyRequired: true });
  await aws.publish();
  expect(await aws.call('/locked')).toMatchObject({ status: 403, text: '4' });
  expect(await aws.call('/x')).toMatchObject({ status: 502, text: '5' });
});

test('what is not deployed is not served', async () => {
  aws = await startApi();
  await aws.route('GET /orders', { apiKeyRequired: true });
  await aws.publish();
  await say('INVALID_API_KEY', { responseTemplates: { 'application/json': 'later' } });
  expect(await aws.call('/orders')).toMatchObject({ text: '{"message":"Forbidden"}' });
});

test('10 MB is the most that a body may have, and 10,240 bytes all headers (B24)', async () => {
  aws = await startApi();
  await aws.route('POST /orders', {}, { requestTemplates: { 'text/plain': '{"statusCode": 200}' } });
  await aws.publish();
  const post = (body: Uint8Array, headers = {}) =>
    aws.call('/orders', { method: 'POST', body, headers: { 'Content-Type': 'text/plain', ...headers } });
  expect(await post(new Uint8Array(10_485_760))).toMatchObject({ status: 200 });
  expect(await post(new Uint8Array(10_485_761))).toMatchObject({
    status: 413,
    text: '{"message":"HTTP content length exceeded 10485760 bytes."}',
    headers: { 'x-amzn-errortype': 'RequestTooLargeException' },
  });
  expect(await post(new Uint8Array(), { long: 'x'.repeat(10_240) })).toMatchObject({ status: 413 });
});

test('an API or a stage that is not there, or an API that is switched off, is forbidden', async () => {
  aws = await startApi({ disableExecuteApiEndpoint: true });
  await aws.route('GET /orders');
  await aws.publish();
  const expected = { status: 403, text: '{"message":"Forbidden"}' };
  expect(await aws.call('/orders')).toMatchObject(expected);
  expect(await aws.at('/_aws/execute-api/0123456789/dev/orders')).toMatchObject(expected);
  expect(await aws.at(`/_aws/execute-api/${aws.restApiId}/prod/orders`)).toMatchObject(expected);
});
