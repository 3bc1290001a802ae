import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateAliasCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionUrlConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  type AddPermissionCommandInput,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER, sessionOf, signed } from '../apigateway/signed.ts';
import { echo, invoked, startUrls, viaUrl, type WithUrls } from './urls.ts';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:';
let aws: WithUrls;

const FORBIDDEN = {
  status: 403,
  text: '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
  headers: { 'x-amzn-errortype': 'AccessDeniedException' },
};

let host: string;
beforeAll(async () => {
  aws = await startUrls();
  host = await aws.open('echo');
});
afterAll(() => aws.stop());

test('a function is given the request in payload format 2.0', async () => {
  const { status, headers, json } = await aws.call(host, '/a%20b/c?x=1&x=2&y=', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: 'a=1; b=2', 'User-Agent': 'test' },
    body: '{"id":7}',
  });
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  const id = host.split('.')[0];
  expect(host).toMatch(/^[a-z0-9]{32}\.lambda-url\.eu-west-1\.on\.aws$/);
  expect(json).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a b/c',
    rawQueryString: 'x=1&x=2&y=',
    cookies: ['a=1', 'b=2'],
    headers: { host, 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    queryStringParameters: { x: '1,2', y: '' },
    requestContext: {
      accountId: 'anonymous',
      apiId: id,
      domainName: host,
      domainPrefix: id,
      http: {
        method: 'POST',
        path: '/a b/c',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      routeKey: '$default',
      stage: '$default',
    },
    body: '{"id":7}',
    isBase64Encoded: false,
  });
  expect(json.requestContext).not.toHaveProperty('authorizer');
});

test('the same address leads here by the name of this machine', async () => {
  const { json } = await aws.call(`${host.split('.')[0]}.lambda-url.eu-west-1.localhost:4566`);
  expect(json.requestContext.domainName).toBe(host);
  expect(json.headers).not.toHaveProperty('content-length');
});

test('bytes go both ways in base 64', async () => {
  const body = new Uint8Array([0, 255, 1]);
  const { json } = await aws.call(host, '/', {
    method: 'PUT',
    headers: { 'content-type': 'image/png' },
    body,
  });
  expect([json.body, json.isBase64Encoded]).toEqual([Buffer.from(body).toString('base64'), true]);
  const picture = await aws.open(
    'picture',
    `({ statusCode: 201, headers: { 'Content-Type': 'image/png' }, cookies: ['a=1', 'b=2'], body: 'aGk=', isBase64Encoded: true })`,
  );
  expect(await aws.call(picture)).toMatchObject({
    status: 201,
    text: 'hi',
    headers: { 'content-type': 'image/png', 'set-cookie': ['a=1', 'b=2'] },
  });
});

test.each<[string, string, number, string]>([
  ['an object without a status', '({ id: 7 })', 200, '{"id":7}'],
  ['a text', '"hi"', 200, 'hi'],
  ['a status that is none', '({ statusCode: "ok" })', 502, 'Internal Server Error'],
  ['an error', '{ throw new Error("no") }', 502, 'Internal Server Error'],
])('%s is answered as AWS does', async (what, answer, status, text) => {
  const at = await aws.open(what.replaceAll(' ', '-'), answer);
  expect(await aws.call(at)).toMatchObject({ status, text, headers: { 'content-type': 'application/json' } });
});

test('a public URL needs both permissions, and they are no leave to invoke the function directly', async () => {
  await aws.make(echo(), { FunctionName: 'closed' });
  const closed = await aws.urlOf('closed');
  expect(await aws.call(closed)).toMatchObject(FORBIDDEN);
  const { Statement: first } = await aws.permission({ FunctionName: 'closed', ...viaUrl });
  expect(JSON.parse(first!)).toMatchObject({
    Principal: '*',
    Resource: `${ARN}closed`,
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  });
  expect(await aws.call(closed)).toMatchObject(FORBIDDEN);
  const { Statement: second } = await aws.permission({ FunctionName: 'closed', ...invoked });
  expect(JSON.parse(second!)).toMatchObject({
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  });
  expect((await aws.call(closed)).status).toBe(200);
  const credentials = await sessionOf(aws, [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
  const stranger = aws.client(LambdaClient, { credentials });
  await expect(stranger.send(new InvokeCommand({ FunctionName: 'closed' }))).rejects.toThrow(
    'is not authorized to perform: lambda:InvokeFunction',
  );
});

test.each<[AddPermissionCommandInput['Action'], object, string]>([
  [
    'lambda:InvokeFunction',
    { FunctionUrlAuthType: 'NONE' },
    'FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action',
  ],
  [
    'lambda:InvokeFunctionUrl',
    { InvokedViaFunctionUrl: true },
    'InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action',
  ],
])('a permission for %s takes its own condition only', async (Action, more, message) => {
  await expect(aws.permission({ FunctionName: 'echo', StatementId: 'x', Action, ...more })).rejects.toThrow(
    message,
  );
});

test('a URL for signers takes a signature for Lambda, of whoever may do both', async () => {
  await aws.make(echo(), { FunctionName: 'signed' });
  const at = await aws.urlOf('signed', { AuthType: 'AWS_IAM' });
  const get = async (credentials: Parameters<typeof signed>[2], options = {}) => {
    const { headers } = await signed(aws, '/', credentials, { service: 'lambda', host: at, ...options });
    return aws.call(at, '/', { headers: headers! });
  };
  const allow = (...Action: string[]) => [{ Effect: 'Allow', Action, Resource: `${ARN}signed` }];
  expect(await aws.call(at)).toMatchObject(FORBIDDEN);
  const { json } = await get(OWNER);
  expect(json.requestContext).toMatchObject({
    accountId: '000000000000',
    authorizer: { iam: { accessKey: 'test', accountId: '000000000000', cognitoIdentity: null } },
  });
  expect(await get({ ...OWNER, secretAccessKey: 'guess' })).toMatchObject({
    status: 403,
    headers: { 'x-amzn-errortype': 'InvalidSignatureException' },
    json: { message: expect.stringMatching(/^The request signature we calculated does not match/) as string },
  });
  expect((await get(OWNER, { service: 'execute-api' })).json.message).toBe(
    "Credential should be scoped to correct service: 'lambda'. ",
  );
  for (const action of ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'])
    expect(await get(await sessionOf(aws, allow(action), action.slice(7)))).toMatchObject(FORBIDDEN);
  const both = await sessionOf(aws, allow('lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'), 'both');
  expect((await get(both)).status).toBe(200);
});

test('browsers are told what the URL says of CORS, beside what the function says', async () => {
  const at = await aws.open(
    'cors',
    `({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' })`,
    {
      Cors: {
        AllowOrigins: ['https://shop.example'],
        AllowMethods: ['GET'],
        AllowHeaders: ['x-a'],
        MaxAge: 60,
      },
    },
  );
  const origin = 'https://shop.example';
  expect(
    await aws.call(at, '/', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    }),
  ).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'x-a',
      'access-control-max-age': '60',
    },
  });
  const { headers } = await aws.call(at, '/', { headers: { origin } });
  expect(headers['access-control-allow-origin']).toEqual(['*', origin]);
});

test('a request that makes an event over 6 MB is too large', async () => {
  const body = 'a'.repeat(6_291_456);
  expect(
    await aws.call(host, '/', { method: 'POST', headers: { 'content-type': 'text/plain' }, body }),
  ).toMatchObject({ status: 413, headers: { 'x-amzn-errortype': 'RequestTooLargeException' } });
});

test('an address that nobody has is forbidden, and a function that may not run now is throttled', async () => {
  expect(await aws.call(host.replace(/^.{4}/, 'zzzz'))).toMatchObject({
    status: 403,
    text: '{"Message":null}',
  });
  const busy = await aws.open('busy');
  await aws.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'busy', ReservedConcurrentExecutions: 0 }),
  );
  expect(await aws.call(busy)).toMatchObject({
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
  });
  const { Datapoints } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Url4xxCount',
      Dimensions: [{ Name: 'FunctionName', Value: 'busy' }],
      StartTime: new Date(aws.world.clock.now() - 60_000),
      EndTime: new Date(aws.world.clock.now() + 60_000),
      Period: 60,
      Statistics: ['Sum', 'SampleCount'],
    }),
  );
  expect(Datapoints).toMatchObject([{ Sum: 1, SampleCount: 1 }]);
});

test('an alias has a URL of its own, with its own permissions', async () => {
  await aws.make(echo('"first"'), { FunctionName: 'aliased' });
  await aws.lambda.send(new PublishVersionCommand({ FunctionName: 'aliased' }));
  await aws.lambda.send(
    new CreateAliasCommand({ FunctionName: 'aliased', Name: 'live', FunctionVersion: '1' }),
  );
  const at = await aws.urlOf('aliased', { Qualifier: 'live' });
  expect((await aws.call(at)).status).toBe(403);
  for (const statement of [viaUrl, invoked])
    await aws.permission({ FunctionName: 'aliased', Qualifier: 'live', ...statement });
  expect((await aws.call(at)).text).toBe('first');
  const { FunctionUrlConfigs = [] } = await aws.lambda.send(
    new ListFunctionUrlConfigsCommand({ FunctionName: 'aliased' }),
  );
  expect(FunctionUrlConfigs.map(({ FunctionArn }) => FunctionArn)).toEqual([`${ARN}aliased:live`]);
});
