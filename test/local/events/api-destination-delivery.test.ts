import {
  DeauthorizeConnectionCommand,
  DeleteApiDestinationCommand,
  DescribeConnectionCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { connect, destine, endpoint, type Seen } from './endpoint.ts';
import { eventing } from './eventing.ts';

let there: Awaited<ReturnType<typeof endpoint>>;
beforeAll(async () => {
  there = await endpoint();
});
afterAll(() => there.close());

let aws: Awaited<ReturnType<typeof eventing>>;
let role: string;
beforeEach(async () => {
  Object.assign(there, { seen: [], answers: [{ status: 200 }] });
  aws = await eventing();
  role = await withRole(aws, {
    trust: { Service: 'events.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'events:InvokeApiDestination', Resource: '*' }],
  });
});
afterEach(() => aws.stop());

/** A rule whose target is an API destination, with a dead-letter queue. */
const through = async (target: Partial<Target> = {}, destination: object = {}) => {
  const dead = await aws.queue('dead');
  const ConnectionArn = await connect(aws.events);
  const Arn = await destine(aws.events, {
    ConnectionArn,
    InvocationEndpoint: `${there.url}/orders`,
    ...destination,
  });
  await aws.rule({ Name: 'r' }, { Arn, RoleArn: role, DeadLetterConfig: { Arn: dead }, ...target });
  return {
    letters: async () =>
      (await aws.received(dead)).map(({ MessageAttributes = {} }) =>
        Object.fromEntries(
          Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
        ),
      ),
  };
};

describe('a request', () => {
  test('carries the event, the key and the headers of EventBridge', async () => {
    await through();
    await aws.put({ Detail: '{"n":1}' });
    await aws.advance('1s');
    const [{ method, url, headers, body }] = there.seen as [Seen];
    expect([method, url]).toEqual(['POST', '/orders']);
    expect(JSON.parse(body)).toMatchObject({ source: 'shop', detail: { n: 1 } });
    expect(headers).toEqual({
      'x-api-key': 'secret',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      'content-type': 'application/json; charset=utf-8',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
      'content-length': String(body.length),
      host: there.url.slice('http://'.length),
    });
  });

  test('is shaped by the target, whose parameters may come out of the event', async () => {
    await through(
      {
        InputPath: '$.detail',
        HttpParameters: {
          PathParameterValues: ['$.detail.id'],
          HeaderParameters: { 'X-Kind': '$.detail-type', Host: 'elsewhere' },
          QueryStringParameters: { n: '$.detail.n', fixed: 'a b' },
        },
      },
      { InvocationEndpoint: `${there.url}/orders/*/lines`, HttpMethod: 'PUT' },
    );
    await aws.put({ Detail: '{"id":"a/1","n":2}' });
    await aws.advance('1s');
    expect(there.seen).toMatchObject([
      {
        method: 'PUT',
        url: '/orders/a%2F1/lines?n=2&fixed=a+b',
        headers: { 'x-kind': 't', host: there.url.slice('http://'.length) },
        body: '{"id":"a/1","n":2}',
      },
    ]);
  });

  test('has what the connection adds, and basic credentials', async () => {
    const Arn = await destine(aws.events, {
      InvocationEndpoint: `${there.url}/orders`,
      ConnectionArn: await connect(aws.events, {
        BasicAuthParameters: { Username: 'u', Password: 'p' },
        InvocationHttpParameters: {
          HeaderParameters: [{ Key: 'x-tenant', Value: 't' }],
          QueryStringParameters: [{ Key: 'q', Value: '1' }],
          BodyParameters: [{ Key: 'from', Value: 'shop' }],
        },
      }),
    });
    await aws.rule({ Name: 'r' }, { Arn, RoleArn: role, InputPath: '$.detail' });
    await aws.put({ Detail: '{"n":1}' });
    await aws.advance('1s');
    expect(there.seen).toMatchObject([
      {
        url: '/orders?q=1',
        headers: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}`, 'x-tenant': 't' },
        body: '{"n":1,"from":"shop"}',
      },
    ]);
  });

  test('waits for its turn: no more a second than the rate', async () => {
    await through({}, { InvocationRateLimitPerSecond: 2 });
    await aws.put({}, {}, {}, {}, {});
    await aws.advance(1);
    expect(there.seen).toHaveLength(2);
    await aws.advance('1s');
    expect(there.seen).toHaveLength(4);
    await aws.advance('1s');
    expect(there.seen).toHaveLength(5);
  });
});

describe('an answer', () => {
  test('of 409, 429, and of 500 and above is followed by another attempt', async () => {
    there.answers = [409, 429, 500, 503, 204].map((status) => ({ status }));
    const { letters } = await through();
    await aws.put({});
    await aws.advance('5m');
    expect(there.seen).toHaveLength(5);
    expect(await letters()).toEqual([]);
  });

  test.each([401, 407])('of %i takes its authorization from a connection with a key', async (status) => {
    there.answers = [{ status }];
    const { letters } = await through();
    await aws.put({});
    await aws.advance('5m');
    expect(there.seen).toHaveLength(1);
    expect(await letters()).toMatchObject([{ ERROR_CODE: 'SDK_CLIENT_ERROR', RETRY_ATTEMPTS: '1' }]);
    expect(await aws.events.send(new DescribeConnectionCommand({ Name: 'c' }))).toMatchObject({
      ConnectionState: 'DEAUTHORIZED',
      StateReason: expect.stringContaining('credentials') as string,
    });
  });

  test('of any other status is final (F12)', async () => {
    there.answers = [302, 400, 403, 404, 422].map((status) => ({ status }));
    const { letters } = await through();
    await aws.put({}, {}, {}, {}, {});
    await aws.advance('5m');
    expect(there.seen).toHaveLength(5);
    const dead = await letters();
    expect(dead).toHaveLength(5);
    expect(dead[0]).toMatchObject({
      ERROR_CODE: 'SDK_CLIENT_ERROR',
      ERROR_MESSAGE:
        'Unable to invoke ApiDestination endpoint: API destination returned HTTP status 302 with payload: said',
      RETRY_ATTEMPTS: '0',
    });
  });

  test('that never comes right ends in the dead-letter queue', async () => {
    there.answers = [{ status: 500 }];
    const { letters } = await through({ RetryPolicy: { MaximumRetryAttempts: 2 } });
    await aws.put({});
    await aws.advance('10m');
    expect(there.seen).toHaveLength(3);
    expect(await letters()).toMatchObject([
      {
        ERROR_CODE: 'ERROR_FROM_TARGET',
        RETRY_ATTEMPTS: '2',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      },
    ]);
  });

  test('may say when to come again, or never', async () => {
    there.answers = [
      { status: 429, headers: { 'retry-after': '600' } },
      { status: 503, headers: { 'retry-after': '-1' } },
    ];
    const { letters } = await through();
    await aws.put({});
    await aws.advance('599s');
    expect(there.seen).toHaveLength(1);
    await aws.advance('2s');
    expect(there.seen).toHaveLength(2);
    expect(await letters()).toMatchObject([{ ERROR_CODE: 'ERROR_FROM_TARGET', RETRY_ATTEMPTS: '1' }]);
  });

  test.each([
    ['APIs', 'https://none.execute-api.eu-west-1.amazonaws.com/prod', '{"message":"Forbidden"}'],
    ['function URLs', 'https://none.lambda-url.eu-west-1.on.aws/', '{"Message":null}'],
  ])('of this AWS’s own %s comes without a network', async (_what, InvocationEndpoint, payload) => {
    const { letters } = await through({}, { InvocationEndpoint });
    await aws.put({});
    await aws.advance('1s');
    expect((await letters())[0]!['ERROR_MESSAGE']).toContain(`HTTP status 403 with payload: ${payload}`);
  });

  test('that cannot come, because nobody is there, is waited for', async () => {
    const { letters } = await through(
      { RetryPolicy: { MaximumRetryAttempts: 1 } },
      { InvocationEndpoint: 'http://127.0.0.1:1/' },
    );
    await aws.put({});
    await aws.advance('1m');
    expect(await letters()).toMatchObject([
      {
        ERROR_CODE: 'SDK_CLIENT_ERROR',
        ERROR_MESSAGE:
          'Unable to invoke ApiDestination endpoint: API destination endpoint cannot be reached.',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      },
    ]);
  });
});

describe('what a target needs', () => {
  test('is a role that may invoke the destination (F13)', async () => {
    const RoleArn = await withRole(aws, { name: 'weak', trust: { Service: 'events.amazonaws.com' } });
    const { letters } = await through({ RoleArn });
    await aws.put({});
    await aws.advance('1s');
    expect(there.seen).toEqual([]);
    expect(await letters()).toMatchObject([{ ERROR_CODE: 'NO_PERMISSIONS' }]);
  });

  test('is a role at all', async () => {
    const Arn = await destine(aws.events, {
      ConnectionArn: await connect(aws.events),
      InvocationEndpoint: there.url,
    });
    await aws.rule({ Name: 'r' });
    await expect(
      aws.events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn }] })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: `RoleArn is required for target ${Arn}.`,
    });
  });

  test('is a destination that is there, and a connection that is authorized', async () => {
    const { letters } = await through();
    await aws.events.send(new DeauthorizeConnectionCommand({ Name: 'c' }));
    await aws.put({});
    await aws.events.send(new DeleteApiDestinationCommand({ Name: 'd' }));
    await aws.put({});
    await aws.advance('1s');
    expect((await letters()).map(({ ERROR_CODE }) => ERROR_CODE)).toEqual([
      'SDK_CLIENT_ERROR',
      'NO_RESOURCE',
    ]);
  });
});
