import { UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import { startApi, type Api } from './api.ts';
import { OWNER, sessionOf, signed, type Credentials } from './signed.ts';

let aws: Api;
afterEach(() => aws.stop());

/** `GET /orders` for whoever IAM lets, `GET /open` for everybody. */
async function guarded(policy?: object) {
  aws = await startApi();
  await aws.route('GET /orders', { authorizationType: 'AWS_IAM' });
  await aws.route('GET /open');
  if (policy) {
    const patchOperations = [{ op: 'replace' as const, path: '/policy', value: JSON.stringify(policy) }];
    await aws.gateway.send(new UpdateRestApiCommand({ restApiId: aws.restApiId, patchOperations }));
  }
  await aws.publish();
}

const orders = async (credentials: Credentials, options?: object) =>
  aws.call(
    '/orders',
    await signed(aws, `/_aws/execute-api/${aws.restApiId}/dev/orders`, credentials, options),
  );
const allow = (Resource: string, Action = 'execute-api:Invoke') => ({ Effect: 'Allow', Action, Resource });
const invoked = () => `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}/dev/GET/orders`;
const masked = (path: string) => `arn:aws:execute-api:eu-west-1:********0000:${aws.restApiId}/dev/GET${path}`;

test('a signed request passes, an unsigned one does not', async () => {
  await guarded();
  expect(await orders(OWNER)).toMatchObject({ status: 200 });
  expect(await aws.call('/orders')).toMatchObject({
    status: 403,
    text: '{"message":"Missing Authentication Token"}',
    headers: { 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
  });
});

test.each<[string, object, string, RegExp]>([
  [
    'the wrong secret',
    { secretAccessKey: 'guess' },
    'InvalidSignatureException',
    /^The request signature we calculated does not match/,
  ],
  [
    'an unknown key',
    { accessKeyId: 'AKIASTRANGER' },
    'UnrecognizedClientException',
    /^The security token included in the request is invalid\.$/,
  ],
])('%s is refused', async (_what, wrong, type, message) => {
  await guarded();
  expect(await orders({ ...OWNER, ...wrong })).toMatchObject({
    status: 403,
    headers: { 'x-amzn-errortype': type },
    json: { message: expect.stringMatching(message) as string },
  });
});

test('a signature for another service, or of another hour, is refused', async () => {
  await guarded();
  expect((await orders(OWNER, { service: 'sqs' })).json).toEqual({
    message: "Credential should be scoped to correct service: 'execute-api'. ",
  });
  const at = aws.world.clock.now() - 3_600_000;
  expect((await orders(OWNER, { at })).json.message).toMatch(
    /^Signature expired: 20291231T230000Z is now earlier than/,
  );
});

test('something else in the header is told what is missing', async () => {
  await guarded();
  const { status, json } = await aws.call('/orders', { headers: { authorization: 'Bearer x' } });
  expect(status).toBe(403);
  expect(json.message).toMatch(
    /^Authorization header requires 'Credential' parameter\..* Authorization=Bearer x$/,
  );
});

test('temporary credentials that have expired are refused', async () => {
  await guarded();
  const session = await sessionOf(aws, [allow('*')]);
  expect(await orders(session)).toMatchObject({ status: 200 });
  await aws.advance('2h');
  expect(await orders(session)).toMatchObject({
    status: 403,
    headers: { 'x-amzn-errortype': 'ExpiredTokenException' },
    json: { message: 'The security token included in the request is expired' },
  });
});

test('a role needs execute-api:Invoke on the path', async () => {
  await guarded();
  const session = await sessionOf(aws, [allow(invoked().replace('/orders', '/other'))]);
  expect(await orders(session)).toMatchObject({
    status: 403,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    text: JSON.stringify({
      Message: `User: arn:aws:sts::000000000000:assumed-role/client/caller is not authorized to perform: execute-api:Invoke on resource: ${masked('/orders')} because no identity-based policy allows the execute-api:Invoke action`,
    }),
  });
});

test('a role that may is let in', async () => {
  await guarded();
  expect(await orders(await sessionOf(aws, [allow(invoked())]))).toMatchObject({ status: 200 });
});

test("the API's own policy may let a role in, or anybody, or keep all out", async () => {
  const to = (Effect: string, Principal: unknown, Resource: string) => ({
    Effect,
    Principal,
    Action: 'execute-api:Invoke',
    Resource,
  });
  await guarded({
    Version: '2012-10-17',
    Statement: [to('Allow', { AWS: 'arn:aws:iam::000000000000:role/client' }, 'execute-api:/dev/GET/orders')],
  });
  expect(await orders(await sessionOf(aws, []))).toMatchObject({ status: 200 });
  expect(await aws.call('/open')).toMatchObject({
    status: 403,
    json: {
      Message: `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${masked('/open')}`,
    },
  });
  await aws.stop();

  await guarded({
    Version: '2012-10-17',
    Statement: [
      to('Allow', '*', 'execute-api:/*'),
      {
        ...to('Deny', '*', 'execute-api:/dev/GET/orders'),
        Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      },
    ],
  });
  expect(await aws.call('/open')).toMatchObject({ status: 200 });
  expect((await orders(OWNER)).json.Message).toBe(
    `User: arn:aws:iam::000000000000:root is not authorized to perform: execute-api:Invoke on resource: ${masked('/orders')} with an explicit deny`,
  );
});
