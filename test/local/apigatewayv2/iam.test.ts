import { afterEach, expect, test } from 'vitest';
import { OWNER, sessionOf, signed, type Credentials } from '../apigateway/signed.ts';
import { guard, startEcho, type HttpApi } from './api.ts';

let aws: HttpApi;
afterEach(() => aws.stop());

async function guarded(integration: object = {}) {
  aws = await startEcho(['GET /orders'], integration);
  await guard(aws, { AuthorizationType: 'AWS_IAM' });
}

const orders = async (credentials: Credentials, options?: object) =>
  aws.call('/orders', await signed(aws, `/_aws/execute-api/${aws.ApiId}/orders`, credentials, options));
const allow = (path: string) => ({
  Effect: 'Allow',
  Action: 'execute-api:Invoke',
  Resource: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/$default/GET${path}`,
});
const FORBIDDEN = { status: 403, text: '{"message":"Forbidden"}' };

test('a role that may is let in, and the function knows who it is', async () => {
  await guarded();
  const session = await sessionOf(aws, [allow('/orders')]);
  const { status, json } = await orders(session);
  expect(status).toBe(200);
  const userId = expect.stringMatching(/^AROA.*:caller$/) as string;
  expect(json.requestContext.authorizer).toEqual({
    iam: {
      accessKey: session.accessKeyId,
      accountId: '000000000000',
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: 'arn:aws:sts::000000000000:assumed-role/client/caller',
      userId,
    },
  });
});

test('in format 1.0 the caller is in the identity', async () => {
  await guarded({ PayloadFormatVersion: '1.0' });
  const { json } = await orders(OWNER);
  expect(json.requestContext).toMatchObject({
    identity: { accessKey: 'test', userArn: 'arn:aws:iam::000000000000:root' },
  });
  expect(json.requestContext.authorizer).toBeUndefined();
});

test('a role without the permission is forbidden', async () => {
  await guarded();
  expect(await orders(await sessionOf(aws, [allow('/other')]))).toMatchObject(FORBIDDEN);
});

test.each<[string, () => Promise<unknown>]>([
  ['no signature', () => aws.call('/orders')],
  ['the wrong secret', () => orders({ ...OWNER, secretAccessKey: 'guess' })],
  ['an unknown key', () => orders({ ...OWNER, accessKeyId: 'AKIASTRANGER' })],
  ['a signature for another service', () => orders(OWNER, { service: 'sqs' })],
  ['a token in its place', () => aws.call('/orders', { headers: { authorization: 'Bearer x' } })],
])('a request with %s is forbidden', async (_what, asked) => {
  await guarded();
  expect(await asked()).toMatchObject(FORBIDDEN);
});
