import {
  CreateConnectionCommand,
  DeauthorizeConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  UpdateConnectionCommand,
  type CreateConnectionOAuthRequestParameters,
} from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { startEcho } from '../apigatewayv2/api.ts';
import { copyOf, newFolder } from '../durability/killed.ts';
import { withRole } from '../iam/role.ts';
import { connect, destine, endpoint } from './endpoint.ts';
import { eventing } from './eventing.ts';

/** Who gives tokens, and who wants them. */
let issuer: Awaited<ReturnType<typeof endpoint>>;
let there: Awaited<ReturnType<typeof endpoint>>;
beforeAll(async () => {
  [issuer, there] = await Promise.all([endpoint(), endpoint()]);
});
afterAll(() => {
  issuer.close();
  there.close();
});

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => {
  issuer.seen = [];
  Object.assign(there, { seen: [], answers: [{ status: 200 }] });
  aws = await eventing();
});
afterEach(() => aws.stop());

const token = (access_token: string, expires_in?: number) => ({
  status: 200,
  body: JSON.stringify({ access_token, token_type: 'Bearer', expires_in }),
});

const OAUTH: CreateConnectionOAuthRequestParameters = {
  AuthorizationEndpoint: '',
  HttpMethod: 'POST',
  ClientParameters: { ClientID: 'shop', ClientSecret: 'p w' },
};

/** A rule that sends to an endpoint, with the issuer's tokens. */
async function through(parameters: Partial<CreateConnectionOAuthRequestParameters> = {}) {
  const OAuthParameters = { ...OAUTH, AuthorizationEndpoint: `${issuer.url}/token`, ...parameters };
  const ConnectionArn = await connect(aws.events, { OAuthParameters });
  const Arn = await destine(aws.events, { ConnectionArn, InvocationEndpoint: there.url });
  const RoleArn = await withRole(aws, {
    trust: { Service: 'events.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'events:InvokeApiDestination', Resource: '*' }],
  });
  await aws.rule({ Name: 'r' }, { Arn, RoleArn });
}

const described = () => aws.events.send(new DescribeConnectionCommand({ Name: 'c' }));
const sent = () => there.seen.map(({ headers }) => headers.authorization);

test('a connection is AUTHORIZING until its token is there, and then AUTHORIZED', async () => {
  issuer.answers = [token('t1', 3600)];
  const { ConnectionState } = await aws.events.send(
    new CreateConnectionCommand({
      Name: 'c',
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: { OAuthParameters: { ...OAUTH, AuthorizationEndpoint: `${issuer.url}/token` } },
    }),
  );
  expect(ConnectionState).toBe('AUTHORIZING');
  await aws.advance(1);
  expect(await described()).toMatchObject({
    ConnectionState: 'AUTHORIZED',
    AuthParameters: {
      OAuthParameters: {
        AuthorizationEndpoint: `${issuer.url}/token`,
        HttpMethod: 'POST',
        ClientParameters: { ClientID: 'shop' },
      },
    },
  });
  expect(JSON.stringify(await described())).not.toContain('p w');
});

test('the client and what the connection adds go into a form', async () => {
  issuer.answers = [token('t1', 3600)];
  await through({
    OAuthHttpParameters: {
      BodyParameters: [{ Key: 'grant_type', Value: 'client_credentials' }],
      HeaderParameters: [{ Key: 'X-Tenant', Value: 't' }],
      QueryStringParameters: [{ Key: 'audience', Value: 'a b' }],
    },
  });
  await aws.advance(1);
  expect(issuer.seen).toMatchObject([
    {
      method: 'POST',
      url: '/token?audience=a+b',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-tenant': 't' },
      body: 'client_id=shop&client_secret=p+w&grant_type=client_credentials',
    },
  ]);
});

test('a GET has them in its query', async () => {
  issuer.answers = [token('t1', 3600)];
  await through({ HttpMethod: 'GET' });
  await aws.advance(1);
  expect(issuer.seen).toMatchObject([
    { method: 'GET', url: '/token?client_id=shop&client_secret=p+w', body: '' },
  ]);
});

test('one token serves until a minute before its end', async () => {
  issuer.answers = [token('t1', 3600), token('t2', 3600)];
  await through();
  await aws.put({});
  await aws.advance('58m');
  await aws.put({});
  await aws.advance('90s');
  await aws.put({});
  await aws.advance(1);
  expect(sent()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  expect(issuer.seen).toHaveLength(2);
});

test.each([401, 407])('a status of %i is followed by another attempt with a new token', async (status) => {
  issuer.answers = [token('t1'), token('t2')];
  there.answers = [{ status }, { status: 200 }];
  await through();
  await aws.put({});
  await aws.advance('5m');
  expect(sent()).toEqual(['Bearer t1', 'Bearer t2']);
  expect((await described()).ConnectionState).toBe('AUTHORIZED');
});

test.each([
  { status: 401, body: '{"error":"invalid_client"}' },
  { status: 200, body: 'no JSON' },
])('an issuer that answers %j leaves the connection DEAUTHORIZED, until it is updated', async (answer) => {
  issuer.answers = [answer, token('t1')];
  await through();
  await aws.advance(1);
  expect(await described()).toMatchObject({
    ConnectionState: 'DEAUTHORIZED',
    StateReason: expect.any(String) as string,
  });
  expect(await aws.events.send(new DescribeApiDestinationCommand({ Name: 'd' }))).toMatchObject({
    ApiDestinationState: 'INACTIVE',
  });
  const ClientParameters = { ClientSecret: 'right' };
  await aws.events.send(
    new UpdateConnectionCommand({ Name: 'c', AuthParameters: { OAuthParameters: { ClientParameters } } }),
  );
  await aws.advance(1);
  expect(issuer.seen.map(({ body }) => body)).toEqual([
    'client_id=shop&client_secret=p+w',
    'client_id=shop&client_secret=right',
  ]);
  const { ConnectionState, StateReason } = await described();
  expect([ConnectionState, StateReason]).toEqual(['AUTHORIZED', undefined]);
});

describe('while an issuer takes its time', () => {
  /** A connection whose issuer, an API of this AWS, answers after two seconds. */
  async function waiting() {
    const SLOW = `new Promise((done) => setTimeout(done, 2000)).then(() => ({ access_token: 't' }))`;
    const data = newFolder();
    const own = await startEcho(['$default'], {}, SLOW, { data });
    onTestFinished(() => own.stop());
    const events = own.client(EventBridgeClient);
    const AuthorizationEndpoint = `https://${own.ApiId}.execute-api.eu-west-1.amazonaws.com/token`;
    await connect(events, { OAuthParameters: { ...OAUTH, AuthorizationEndpoint } });
    await own.advance('1s');
    expect(await stateOf(own)).toBe('AUTHORIZING');
    return { own, events, data };
  }
  const stateOf = async (on: Local) =>
    (await on.client(EventBridgeClient).send(new DescribeConnectionCommand({ Name: 'c' }))).ConnectionState;

  test('a connection that is no longer to be authorized stays so', async () => {
    const { own, events } = await waiting();
    await events.send(new DeauthorizeConnectionCommand({ Name: 'c' }));
    await own.advance('2s');
    expect(await stateOf(own)).toBe('DEAUTHORIZED');
  });

  test('a process that ends leaves the question to the next', async () => {
    const { data } = await waiting();
    const next = await startLocal({ data: copyOf(data) });
    onTestFinished(() => next.stop());
    await next.advance('3s');
    expect(await stateOf(next)).toBe('AUTHORIZED');
  });
});
