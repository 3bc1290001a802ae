import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorizer, guard, startEcho, type HttpApi } from './api.ts';
import { newIssuer, type Issuer } from './issuer.ts';

let issuer: Issuer;
let aws: HttpApi;
beforeAll(async () => {
  issuer = await newIssuer();
  aws = await startEcho(['GET /any']);
  const AuthorizerId = await authorizer(aws, {
    AuthorizerType: 'JWT',
    JwtConfiguration: { Issuer: issuer.url, Audience: ['shop', 'desk'] },
  });
  await guard(aws, { AuthorizationType: 'JWT', AuthorizerId });
  await aws.routes(
    ['GET /read'],
    {},
    {
      AuthorizationType: 'JWT',
      AuthorizerId,
      AuthorizationScopes: ['orders.read', 'orders.all'],
    },
  );
});
afterAll(async () => {
  await aws.stop();
  issuer.close();
});

const seconds = () => Math.floor(aws.world.clock.now() / 1000);
const good = () => ({ iss: issuer.url, aud: 'shop', exp: seconds() + 60 });
const call = (path: string, authorization?: string) =>
  aws.call(path, authorization === undefined ? {} : { headers: { Authorization: authorization } });

const refusal = (description: string, scope = '') => ({
  status: 401,
  text: '{"message":"Unauthorized"}',
  headers: {
    'www-authenticate': `Bearer scope="${scope}" error="invalid_token" error_description="${description}"`,
  },
});

test('a request without a token is told which kind is wanted', async () => {
  expect(await call('/any')).toMatchObject({
    status: 401,
    text: '{"message":"Unauthorized"}',
    headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/json' },
  });
});

test('a token lets its bearer in, with its claims as texts and without scopes', async () => {
  const claims = {
    ...good(),
    sub: 'me',
    scope: 'orders.read',
    verified: true,
    'cognito:groups': ['a', 'b'],
    address: { city: 'Bonn' },
    none: null,
  };
  const { status, json } = await call('/any', `Bearer ${issuer.token(claims)}`);
  expect(status).toBe(200);
  expect(json.requestContext.authorizer).toEqual({
    jwt: {
      claims: {
        iss: issuer.url,
        aud: 'shop',
        exp: String(claims.exp),
        sub: 'me',
        scope: 'orders.read',
        verified: 'true',
        'cognito:groups': '[a b]',
        address: '{"city":"Bonn"}',
      },
      scopes: null,
    },
  });
});

test('a token may come without a scheme, and name its client instead of an audience', async () => {
  const { aud: _none, ...others } = good();
  expect(await call('/any', issuer.token({ ...others, client_id: 'desk' }))).toMatchObject({ status: 200 });
  expect(await call('/any', issuer.token({ ...good(), aud: ['x', 'desk'] }))).toMatchObject({ status: 200 });
});

test.each<[string, object, string]>([
  ['another audience', { aud: 'other' }, 'the token does not have a valid audience'],
  [
    'another audience of the right client',
    { aud: 'other', client_id: 'shop' },
    'the token does not have a valid audience',
  ],
  ['another issuer', { iss: 'https://evil.example' }, 'issuer does not match'],
  ['an end that has come', { exp: Date.UTC(2030, 0, 1) / 1000 }, 'the token has expired'],
  ['no end', { exp: undefined }, 'the token has expired'],
  ['a beginning to come', { nbf: Date.UTC(2030, 0, 2) / 1000 }, 'the token is not valid yet'],
])('a token with %s is refused', async (_what, claims, description) => {
  expect(await call('/any', `Bearer ${issuer.token({ ...good(), ...claims })}`)).toMatchObject(
    refusal(description),
  );
});

test.each<[string, (token: string) => string, string]>([
  [
    'two segments',
    (token) => token.split('.').slice(0, 2).join('.'),
    'token contains an invalid number of segments',
  ],
  [
    'changed claims',
    (token) => token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"you"}').toString('base64url')}.`),
    'signature is invalid',
  ],
  ['no JSON', () => 'a.b.c', 'token is malformed'],
])('a token with %s is refused', async (_what, broken, description) => {
  expect(await call('/any', `Bearer ${broken(issuer.token(good()))}`)).toMatchObject(refusal(description));
});

test.each([
  [{ alg: 'ES256' }, 'the signing method is not supported'],
  [{ alg: 'none' }, 'the signing method is not supported'],
  [{ alg: 'constructor' }, 'the signing method is not supported'],
  [{ kid: 'unknown' }, 'the issuer has no key of the id that the token names'],
])('a token whose header says %j is refused', async (header, description) => {
  expect(await call('/any', `Bearer ${issuer.token(good(), header)}`)).toMatchObject(refusal(description));
});

test('a route that asks for scopes lets in who has one of them, and passes all of them on', async () => {
  const scope = 'profile orders.all';
  const { status, json } = await call('/read', `Bearer ${issuer.token({ ...good(), scope })}`);
  expect(status).toBe(200);
  expect(json.requestContext.authorizer.jwt.scopes).toEqual(['profile', 'orders.all']);
  expect(await call('/read', `Bearer ${issuer.token({ ...good(), scp: ['orders.read'] })}`)).toMatchObject({
    status: 200,
  });
});

test('a token without one of the scopes is forbidden', async () => {
  expect(await call('/read', `Bearer ${issuer.token({ ...good(), scope: 'profile' })}`)).toMatchObject({
    status: 403,
    text: '{"message":"Forbidden"}',
    headers: { 'www-authenticate': 'Bearer scope="orders.read orders.all" error="insufficient_scope"' },
  });
  expect(await call('/read', 'a.b')).toMatchObject(
    refusal('token contains an invalid number of segments', 'orders.read orders.all'),
  );
});

test('keys are kept for two hours, and asked for again after that', async () => {
  issuer.asked = [];
  const before = issuer.token({ ...good(), exp: seconds() + 86_400 });
  expect(await call('/any', before)).toMatchObject({ status: 200 });
  expect(issuer.asked).toEqual([]);
  issuer.rotate();
  expect(await call('/any', before)).toMatchObject({ status: 200 });
  await aws.advance('2h');
  expect(await call('/any', before)).toMatchObject({ status: 401 });
  expect(await call('/any', issuer.token(good()))).toMatchObject({ status: 200 });
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test.each([
  ['/.well-known/openid-configuration', 'OIDC discovery endpoint communication error'],
  ['/keys', 'JWKS communication error'],
])('an issuer that does not answer at %s lets nobody in', async (path, description) => {
  await aws.advance('2h');
  issuer.silent = new Set([path]);
  expect(await call('/any', issuer.token(good()))).toMatchObject(refusal(description));
  issuer.silent = new Set();
  expect(await call('/any', issuer.token(good()))).toMatchObject({ status: 200 });
});
