import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { permit, startApi, startEcho, type Api } from './api.ts';

let aws: Api;

describe('of what a function answers', () => {
  beforeAll(async () => {
    aws = await startEcho({}, '(0, eval)(event.body)');
    await aws.publish();
  }, 60_000);
  afterAll(() => aws.stop());
  /** The function answers whatever it is told. */
  const answering = (body: string) => aws.call('/x', { method: 'POST', body });

  test.each<[string, string, Partial<{ status: number; text: string; headers: object }>]>([
    ['nothing but a status', '({ statusCode: 204 })', { status: 204, text: '' }],
    ['no members at all', '({})', { status: 200, text: '' }],
    ['a status as text', "({ statusCode: '201', body: 'x' })", { status: 201, text: 'x' }],
    ['no headers', '({ headers: null, body: null })', { status: 200, text: '' }],
    [
      'headers that are not text',
      '({ headers: { on: true, n: 1 } })',
      { headers: expect.objectContaining({ on: 'true', n: '1' }) as object },
    ],
    [
      'lists of headers beside single ones',
      "({ headers: { 'X-A': 'solo' }, multiValueHeaders: { 'x-a': ['multi'], 'set-cookie': ['a=1', 'b=2'] } })",
      {
        headers: expect.objectContaining({
          'x-a': ['multi', 'solo'],
          'set-cookie': ['a=1', 'b=2'],
        }) as object,
      },
    ],
    [
      "headers that are the gateway's own",
      "({ headers: { Date: 'never', 'WWW-Authenticate': 'Basic' } })",
      {
        headers: expect.objectContaining({
          date: 'Tue, 01 Jan 2030 00:00:00 GMT',
          'x-amzn-remapped-date': 'never',
          'x-amzn-remapped-www-authenticate': 'Basic',
        }) as object,
      },
    ],
    ['base 64 that nobody asked for', "({ body: 'aGk=', isBase64Encoded: true })", { text: 'aGk=' }],
  ])('an answer with %s is an answer', async (_what, answer, expected) => {
    expect(await answering(answer)).toMatchObject(expected);
  });

  test.each([
    ['a text', '"fine"'],
    ['null', 'null'],
    ['other members', '({ statusCode: 200, message: "fine" })'],
    ['a status that is none', '({ statusCode: "fine" })'],
    ['a header that is no text', '({ headers: { a: {} } })'],
    ['a list of headers that is none', '({ multiValueHeaders: { a: "b" } })'],
    ['a body that is no text', '({ body: { a: 1 } })'],
    ['an exception', '(() => { throw new Error("no"); })()'],
  ])('%s for an answer is 502', async (_what, answer) => {
    const { status, text, headers } = await answering(answer);
    expect({ status, text }).toEqual({ status: 502, text: '{"message":"Internal server error"}' });
    expect(headers).toMatchObject({ 'x-amzn-errortype': 'InternalServerErrorException' });
  });
});

describe('a function behind a method', () => {
  afterEach(() => aws.stop());

  test('a function is given the request in payload format 1.0', async () => {
    aws = await startEcho();
    await aws.toFunction('POST /orders/{id}');
    await aws.publish({ color: 'blue' });
    const { status, headers, json } = await aws.call('/orders/7?a=1&a=2&b=x+y', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', 'user-agent': 'tester', 'tEsT-HEADeR': 'aValUE' },
      body: 'hello',
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-requestid': json.requestContext.requestId,
      'x-amz-apigw-id': json.requestContext.extendedRequestId,
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
    const identity = {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: '127.0.0.1',
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: 'tester',
      user: null,
    };
    const all = {
      Host: '127.0.0.1:4566',
      'Content-Type': 'text/plain',
      'User-Agent': 'tester',
      'tEsT-HEADeR': 'aValUE',
      'X-Amzn-Trace-Id': headers['x-amzn-trace-id'],
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    };
    expect(json).toEqual({
      resource: '/orders/{id}',
      path: '/orders/7',
      httpMethod: 'POST',
      headers: all,
      multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
      queryStringParameters: { a: '2', b: 'x y' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'] },
      pathParameters: { id: '7' },
      stageVariables: { color: 'blue' },
      requestContext: {
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: '/orders/{id}',
        httpMethod: 'POST',
        extendedRequestId: expect.stringMatching(/^\w{15}=$/),
        requestTime: '01/Jan/2030:00:00:00 +0000',
        requestTimeEpoch: Date.UTC(2030, 0, 1),
        path: '/dev/orders/7',
        accountId: '000000000000',
        protocol: 'HTTP/1.1',
        stage: 'dev',
        domainPrefix: aws.restApiId,
        domainName: `${aws.restApiId}.execute-api.eu-west-1.amazonaws.com`,
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity,
        deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
        apiId: aws.restApiId,
      },
      body: 'hello',
      isBase64Encoded: false,
    });
  });

  test('what a request has not is null', async () => {
    aws = await startEcho();
    await aws.toFunction('GET /hardcoded');
    await aws.publish();
    const { json } = await aws.call('//hardcoded');
    expect(json).toMatchObject({
      path: '/hardcoded',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      requestContext: { path: '/dev//hardcoded' },
    });
  });

  test('a greedy path is given as it was sent', async () => {
    aws = await startEcho();
    await aws.publish();
    const of = async (path: string) => (await aws.call(path)).json;
    expect(await of('/a//b/')).toMatchObject({ path: '/a//b/', pathParameters: { proxy: 'a//b' } });
    expect(await of('/user/test%2Balias@x.com')).toMatchObject({
      path: '/user/test%2Balias@x.com',
      pathParameters: { proxy: 'user/test%2Balias@x.com' },
    });
  });

  test('binary media types travel in base 64, both ways', async () => {
    aws = await startEcho(
      { binaryMediaTypes: ['image/*'] },
      "({ headers: { 'content-type': 'image/png', was: event.body, so: event.isBase64Encoded }, body: event.body, isBase64Encoded: true })",
    );
    await aws.publish();
    const body = new Uint8Array([0, 255, 7]);
    const headers = { 'Content-Type': 'image/png', Accept: 'image/png,*/*' };
    const { world, restApiId } = aws;
    const answer = await world.clock.until(
      world.wire({
        method: 'POST',
        path: `/restapis/${restApiId}/dev/_user_request_/x`,
        headers: { 'content-type': 'image/png', accept: 'image/png,*/*' },
        body,
      }),
    );
    expect([...answer.body]).toEqual([0, 255, 7]);
    expect(answer.headers).toMatchObject({ was: 'AP8H', so: 'true' });
    expect(
      (await aws.call('/x', { method: 'POST', headers: { ...headers, Accept: '*/*' }, body })).text,
    ).toBe('AP8H');
  });

  test('a function that does not let this method of the API in is never asked', async () => {
    aws = await startEcho();
    await aws.publish();
    await aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'gateway' }));
    const refused = { status: 500, json: { message: 'Internal server error' } };
    expect(await aws.call('/x')).toMatchObject(refused);
    const api = `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}`;
    await permit(aws, `${api}/prod/*/*`);
    expect(await aws.call('/x')).toMatchObject(refused);
    await aws.lambda.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'gateway' }));
    await permit(aws, `${api}/dev/*/*`);
    expect(await aws.call('/x')).toMatchObject({ status: 200 });
  });

  test('a function that takes longer than 29 seconds is given up', async () => {
    aws = await startApi();
    await aws.make('exports.handler = () => new Promise(() => {});', { Timeout: 60 });
    await permit(aws);
    await aws.toFunction('GET /slow');
    await aws.publish();
    const begun = aws.world.clock.now();
    expect(await aws.call('/slow')).toMatchObject({
      status: 504,
      json: { message: 'Endpoint request timed out' },
      headers: { 'x-amzn-errortype': 'InternalServerErrorException' },
    });
    expect(aws.world.clock.now() - begun).toBe(29_000);
  });
});
