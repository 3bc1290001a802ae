import {
  GetAuthorizersCommand,
  ResetAuthorizersCacheCommand,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import { FUNCTION, invocationUri } from '../apigateway/api.ts';
import { authorizer, guard, startEcho, type HttpApi } from './api.ts';

let aws: HttpApi;
afterEach(() => aws.stop());

/** Says what the request wants it to say, and in its context what it was given. */
const OBEDIENT = `
  let calls = 0;
  exports.handler = async (event) => {
    calls++;
    const verdict = JSON.parse(event.headers['x-verdict'] ?? event.headers['X-Verdict']);
    return typeof verdict === 'object' ? { context: { calls, event }, ...verdict } : verdict;
  };`;

const SIMPLE = { AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true };

/** Routes that ask a function, and echo what comes of it. Answers the authorizer's id. */
async function guarded(settings: object = SIMPLE, permitted = '*', keys = ['GET /orders/{id}']) {
  aws = await startEcho(keys);
  await aws.make(OBEDIENT, { FunctionName: 'guard' });
  const AuthorizerUri = invocationUri(FUNCTION.replace(/f$/, 'guard'));
  const AuthorizerId = await authorizer(aws, { AuthorizerUri, ...settings });
  await aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'guard',
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/authorizers/${permitted}`,
    }),
  );
  await guard(aws, { AuthorizationType: 'CUSTOM', AuthorizerId });
  return AuthorizerId;
}

const call = (verdict: unknown, path = '/orders/7', Authorization = 'me') =>
  aws.call(path, { headers: { Authorization, 'X-Verdict': JSON.stringify(verdict) } });

const FORBIDDEN = { status: 403, text: '{"message":"Forbidden"}' };
const BROKEN = { status: 500, text: '{"message":"Internal Server Error"}' };

const allowing = (path: string, Effect = 'Allow') => ({
  principalId: 'me',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect,
        Action: 'execute-api:Invoke',
        Resource: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/$default/GET${path}`,
      },
    ],
  },
});

test('a simple answer lets in or not, and its context is passed on as it is', async () => {
  await guarded();
  const context = { text: 'a', number: 1, flag: true, list: ['a'], map: { a: 'b' } };
  const { status, json } = await call({ isAuthorized: true, context });
  expect(status).toBe(200);
  expect(json.requestContext.authorizer).toEqual({ lambda: context });
  expect(await call({ isAuthorized: false })).toMatchObject(FORBIDDEN);
});

test('format 2.0 is the request without its body, with the route and the identity', async () => {
  const AuthorizerId = await guarded({
    ...SIMPLE,
    IdentitySource: ['$request.header.authorization', '$request.querystring.n', '$context.routeKey'],
  });
  const { json } = await call({ isAuthorized: true }, '/orders/7?n=1');
  const { event } = json.requestContext.authorizer.lambda as { event: object };
  const { isBase64Encoded: _binary, ...request } = json;
  const { authorizer: _authorizer, ...requestContext } = request.requestContext;
  expect(AuthorizerId).toMatch(/^[a-z0-9]{6}$/);
  expect(event).toEqual({
    ...request,
    requestContext,
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/$default/GET/orders/7`,
    identitySource: ['me', '1', 'GET /orders/{id}'],
  });
});

test('format 1.0 names the method, and the identity as a token', async () => {
  await guarded({ AuthorizerPayloadFormatVersion: '1.0' });
  const { json } = await call(allowing('/orders/*'));
  expect(json.requestContext.authorizer.lambda.event).toMatchObject({
    version: '1.0',
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/$default/GET/orders/7`,
    identitySource: 'me',
    authorizationToken: 'me',
    resource: '/orders/{id}',
    path: '/orders/7',
    httpMethod: 'GET',
    pathParameters: { id: '7' },
    requestContext: { stage: '$default', resourcePath: '/orders/{id}' },
  });
});

test.each(['1.0', '2.0'])('with format %s a policy decides on each path', async (version) => {
  await guarded({ AuthorizerPayloadFormatVersion: version });
  expect(await call(allowing('/orders/7'))).toMatchObject({ status: 200 });
  expect(await call(allowing('/orders/8'))).toMatchObject(FORBIDDEN);
  expect(await call(allowing('/orders/7', 'Deny'))).toMatchObject(FORBIDDEN);
});

test('a function in format 1.0 is told what the authorizer said', async () => {
  await guarded({ AuthorizerPayloadFormatVersion: '1.0' }, '*', []);
  const AuthorizerId = (await aws.gateway.send(new GetAuthorizersCommand({ ApiId: aws.ApiId }))).Items![0]!
    .AuthorizerId;
  await aws.routes(
    ['GET /orders'],
    { PayloadFormatVersion: '1.0' },
    { AuthorizationType: 'CUSTOM', AuthorizerId },
  );
  const { json } = await call({ ...allowing('/orders'), context: { tenant: 't' } }, '/orders');
  expect(json.requestContext.authorizer).toEqual({ principalId: 'me', tenant: 't' });
});

test('a request without an identity is not asked about', async () => {
  await guarded({ ...SIMPLE, IdentitySource: ['$request.header.Authorization', '$request.querystring.key'] });
  expect(await call({ isAuthorized: true })).toMatchObject({
    status: 401,
    text: '{"message":"Unauthorized"}',
  });
});

const policyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};

test.each<[string, object, unknown]>([
  ['no answer to the question', SIMPLE, { allowed: true }],
  ['a text', SIMPLE, 'yes'],
  ['a policy where none is wanted', SIMPLE, { principalId: 'me', policyDocument }],
  ['a policy without a principal', { AuthorizerPayloadFormatVersion: '2.0' }, { policyDocument }],
  ['what is no policy', { AuthorizerPayloadFormatVersion: '2.0' }, { principalId: 'me', policyDocument: {} }],
])('%s from a function is an error', async (_what, settings, verdict) => {
  await guarded(settings);
  expect(await call(verdict)).toMatchObject(BROKEN);
});

test('a function that fails, or may not be asked, is an error', async () => {
  await guarded();
  expect(await aws.call('/orders/7', { headers: { Authorization: 'me' } })).toMatchObject(BROKEN);
  await aws.stop();
  await guarded(SIMPLE, 'another');
  expect(await call({ isAuthorized: true })).toMatchObject(BROKEN);
});

test('an answer serves all requests of the same identity for its time, until the authorizer changes or all is forgotten', async () => {
  const AuthorizerId = await guarded({ ...SIMPLE, AuthorizerResultTtlInSeconds: 60 }, '*', [
    'GET /a',
    'GET /b',
  ]);
  const calls = async (path: string, identity?: string) =>
    (await call({ isAuthorized: true }, path, identity)).json.requestContext.authorizer.lambda
      .calls as number;
  expect([await calls('/a'), await calls('/b'), await calls('/a', 'you')]).toEqual([1, 1, 2]);
  await aws.advance('59s');
  expect(await calls('/a')).toBe(1);
  await aws.advance('1s');
  expect(await calls('/a')).toBe(3);
  await aws.gateway.send(
    new UpdateAuthorizerCommand({ ApiId: aws.ApiId, AuthorizerId, AuthorizerResultTtlInSeconds: 30 }),
  );
  expect([await calls('/a'), await calls('/a')]).toEqual([4, 4]);
  await aws.gateway.send(new ResetAuthorizersCacheCommand({ ApiId: aws.ApiId, StageName: '$default' }));
  expect(await calls('/a')).toBe(5);
});

test('a policy that is kept decides on each path by itself', async () => {
  await guarded({ AuthorizerPayloadFormatVersion: '2.0', AuthorizerResultTtlInSeconds: 60 });
  expect(await call(allowing('/orders/7'))).toMatchObject({ status: 200 });
  expect(await call(allowing('/orders/8'), '/orders/8')).toMatchObject(FORBIDDEN);
});
