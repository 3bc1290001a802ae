import {
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  FlushStageAuthorizersCacheCommand,
  PutGatewayResponseCommand,
  UpdateRestApiCommand,
  type CreateAuthorizerCommandInput,
} from '@aws-sdk/client-api-gateway';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { FUNCTION, permit, startApi, type Api } from './api.ts';
import { allowGateway, authorizer, OBEDIENT } from './guarded.ts';

let aws: Api;
let guards: Record<'token' | 'request' | 'uncached' | 'byRole', string>;

const made = (settings: Partial<CreateAuthorizerCommandInput>) => authorizer(aws, settings);
const allow = (within = '*') => allowGateway(aws, within);

beforeAll(async () => {
  aws = await startApi({ apiKeySource: 'AUTHORIZER' });
  await aws.make('exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });');
  await aws.make(OBEDIENT, { FunctionName: 'guard', Timeout: 60 });
  await permit(aws);
  await allow();
  const authorizerCredentials = await withRole(aws, {
    name: 'asker',
    trust: { Service: 'apigateway.amazonaws.com' },
  });
  guards = {
    token: await made({ identityValidationExpression: '(Bearer|throw|\\{).*|"yes"' }),
    request: await made({
      name: 'request',
      type: 'REQUEST',
      identitySource: 'method.request.header.X-Verdict, method.request.querystring.who, context.stage',
    }),
    uncached: await made({ name: 'uncached', authorizerResultTtlInSeconds: 0 }),
    byRole: await made({ name: 'by role', authorizerCredentials, authorizerResultTtlInSeconds: 0 }),
  };
  const by = (authorizerId: string) => ({ authorizationType: 'CUSTOM', authorizerId });
  await aws.toFunction('GET /token', by(guards.token));
  await aws.toFunction('GET /request/{id}', by(guards.request));
  await aws.toFunction('GET /uncached', by(guards.uncached));
  await aws.toFunction('GET /role', by(guards.byRole));
  await aws.toFunction('GET /keyed', { ...by(guards.token), apiKeyRequired: true });
  await aws.publish({ colour: 'red' });
});
beforeEach(() => aws.advance('10m'));
afterAll(() => aws.stop());

const policy = (path = '*', Effect = 'Allow') => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect,
      Action: 'execute-api:Invoke',
      Resource: `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}/dev/GET/${path}`,
    },
  ],
});
const me = (policyDocument: unknown, more = {}) =>
  JSON.stringify({ principalId: 'me', policyDocument, ...more });

const call = (path: string, Authorization?: string, headers: Record<string, string> = {}) =>
  aws.call(path, { headers: { ...(Authorization !== undefined && { Authorization }), ...headers } });

const UNAUTHORIZED = {
  status: 401,
  text: '{"message":"Unauthorized"}',
  headers: { 'x-amzn-errortype': 'UnauthorizedException' },
};
const BROKEN = {
  status: 500,
  text: '{"message":null}',
  headers: { 'x-amzn-errortype': 'AuthorizerConfigurationException' },
};
const denied = (because = '') => ({
  status: 403,
  text: JSON.stringify({ Message: `User is not authorized to access this resource${because}` }),
  headers: { 'x-amzn-errortype': 'AccessDeniedException' },
});

test('a TOKEN authorizer is given the token and the method; what it says reaches the function as texts', async () => {
  const context = { text: 'a', number: 1.5, flag: true };
  const { status, json } = await call('/token', me(policy('token'), { context }));
  expect(status).toBe(200);
  expect(json.requestContext.authorizer).toEqual({
    text: 'a',
    number: '1.5',
    flag: 'true',
    principalId: 'me',
    integrationLatency: 0,
  });
  const token = me(policy(), { event: true });
  const { json: echo } = await call('/uncached', token);
  expect(JSON.parse(echo.requestContext.authorizer.event)).toEqual({
    type: 'TOKEN',
    methodArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}/dev/GET/uncached`,
    authorizationToken: token,
  });
});

test('a REQUEST authorizer is given the request without its body', async () => {
  const headers = { 'X-Verdict': me(policy(), { event: true }) };
  const { json } = await call('/request/7?who=me', undefined, headers);
  const { authorizer, ...requestContext } = json.requestContext;
  const { body: _body, isBase64Encoded: _binary, ...request } = json;
  expect(JSON.parse(authorizer.event)).toEqual({
    ...request,
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}/dev/GET/request/7`,
    pathParameters: { id: '7' },
    stageVariables: { colour: 'red' },
    requestContext,
  });
});

test.each<[string, string, string | undefined, Record<string, string>]>([
  ['without a token', '/token', undefined, {}],
  ['with a token of another form', '/token', 'Basic abc', {}],
  ['with one of two sources', '/request/7', undefined, { 'X-Verdict': 'throw never asked' }],
  ['that the function does not know', '/token', 'throw Unauthorized', {}],
])('a request %s is unauthorized', async (_what, path, token, headers) => {
  expect(await call(path, token, headers)).toMatchObject(UNAUTHORIZED);
});

test('a policy that denies, or says nothing, keeps a request out, each in its words', async () => {
  expect(await call('/token', me(policy('token', 'Deny')))).toMatchObject(
    denied(' with an explicit deny in an identity-based policy'),
  );
  expect(await call('/token', me(policy('other')))).toMatchObject(denied());
});

test.each<[string, string]>([
  ['an error', 'throw something else'],
  ['a text', '"yes"'],
  ['a policy without a principal', '{"policyDocument":{"Version":"2012-10-17","Statement":[]}}'],
  ['what is no policy', '{"principalId":"me","policyDocument":{}}'],
  [
    'a context with a list',
    '{"principalId":"me","policyDocument":{"Version":"2012-10-17","Statement":[]},"context":{"a":[]}}',
  ],
])('%s from the function is a fault of the authorizer', async (_what, token) => {
  expect(await call('/token', token)).toMatchObject(BROKEN);
});

test('a function that takes longer than 29 seconds is a fault of the authorizer', async () => {
  const begun = aws.world.clock.now();
  expect(await call('/token', 'throw nothing')).toMatchObject(BROKEN);
  expect(aws.world.clock.now() - begun).toBe(29_000);
});

test('an answer serves all methods for the same identity for 300 s, or until the cache is flushed', async () => {
  const token = me(policy());
  const calls = async (path: string) =>
    Number((await call(path, token)).json.requestContext.authorizer.calls);
  const first = await calls('/token');
  await aws.advance('299s');
  expect(await calls('/token')).toBe(first);
  expect(await calls('/uncached')).toBe(first + 1);
  expect(await calls('/uncached')).toBe(first + 2);
  await aws.advance('1s');
  expect(await calls('/token')).toBe(first + 3);
  await aws.gateway.send(
    new FlushStageAuthorizersCacheCommand({ restApiId: aws.restApiId, stageName: 'dev' }),
  );
  expect(await calls('/token')).toBe(first + 4);
});

test('the function is asked as the gateway, which it must permit, or as the role, which must be let', async () => {
  expect(await call('/role', me(policy()))).toMatchObject(BROKEN);
  const statement = {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: FUNCTION.replace(/f$/, 'guard'),
  };
  await aws.client(IAMClient).send(
    new PutRolePolicyCommand({
      RoleName: 'asker',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  expect((await call('/role', me(policy()))).status).toBe(200);
  const token = me(policy(), { principalId: 'you' });
  expect((await call('/uncached', token)).status).toBe(200);
  await aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'guard', StatementId: 'gateway' }));
  await allow(guards.token);
  expect(await call('/uncached', token)).toMatchObject(BROKEN);
  expect((await call('/token', token)).status).toBe(200);
  await aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'guard', StatementId: 'gateway' }));
  await allow();
});

test('the API key is the one that the authorizer names', async () => {
  const { gateway, restApiId } = aws;
  const value = 'abcdefghijklmnopqrstuvwxyz';
  const { id: keyId } = await gateway.send(new CreateApiKeyCommand({ value, enabled: true }));
  const apiStages = [{ apiId: restApiId, stage: 'dev' }];
  const { id: usagePlanId } = await gateway.send(new CreateUsagePlanCommand({ name: 'p', apiStages }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const { status, json } = await call('/keyed', me(policy(), { usageIdentifierKey: value }));
  expect([status, json.requestContext.identity.apiKeyId]).toEqual([200, keyId]);
  expect(await call('/keyed', me(policy()), { 'x-api-key': value })).toMatchObject({
    status: 403,
    text: '{"message":"Forbidden"}',
  });
});

test("the API's policy keeps out before the function is asked, and lets in what it is silent on", async () => {
  const { gateway, restApiId } = aws;
  const statement = (Effect: string, path: string) => ({
    Effect,
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource: `execute-api:/dev/GET/${path}`,
  });
  const set = async (value: string) => {
    const patchOperations = [{ op: 'replace' as const, path: '/policy', value }];
    await gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'dev' }));
  };
  await set(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement('Deny', 'uncached'), statement('Allow', 'token')],
    }),
  );
  const { status, json } = await call('/uncached', 'throw never asked');
  expect([status, json.Message]).toEqual([
    403,
    `User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********0000:${restApiId}/dev/GET/uncached with an explicit deny`,
  ]);
  expect((await call('/token', me(policy('other')))).status).toBe(200);
  await set('');
});

test('mapping templates and gateway responses know what the authorizer said', async () => {
  const { gateway, restApiId } = aws;
  await aws.route(
    'GET /mapped',
    { authorizationType: 'CUSTOM', authorizerId: guards.token },
    { requestTemplates: { 'application/json': '{"statusCode": $context.authorizer.code}' } },
  );
  await aws.answer('GET /mapped', '202');
  await gateway.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'ACCESS_DENIED',
      responseTemplates: { 'application/json': '{"not":"$context.authorizer.principalId"}' },
    }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'dev' }));
  expect((await call('/mapped', me(policy(), { context: { code: 202 } }))).status).toBe(202);
  expect((await call('/mapped', me(policy('other')))).text).toBe('{"not":"me"}');
});
