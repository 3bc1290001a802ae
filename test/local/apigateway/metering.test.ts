import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetUsageCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  type CreateUsagePlanCommandInput,
} from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import { startApi, type Api } from './api.ts';

let aws: Api;
afterEach(() => aws.stop());

const VALUE = 'abcdefghijklmnopqrstuvwxyz';
const FORBIDDEN = {
  status: 403,
  text: '{"message":"Forbidden"}',
  headers: { 'x-amzn-errortype': 'ForbiddenException' },
};
const THROTTLED = {
  status: 429,
  text: '{"message":"Too Many Requests"}',
  headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
};
const EXCEEDED = {
  status: 429,
  text: '{"message":"Limit Exceeded"}',
  headers: { 'x-amzn-errortype': 'LimitExceededException' },
};
const OK = { status: 200 };

/** `GET /orders` with a key and a plan that has it. */
async function metered(plan: Partial<CreateUsagePlanCommandInput> = {}) {
  aws = await startApi();
  const { gateway, restApiId } = aws;
  await aws.route('GET /orders', { apiKeyRequired: true });
  await aws.publish();
  const key = await gateway.send(new CreateApiKeyCommand({ name: 'a client', value: VALUE, enabled: true }));
  const { id: usagePlanId } = await gateway.send(
    new CreateUsagePlanCommand({ name: 'plan', apiStages: [{ apiId: restApiId, stage: 'dev' }], ...plan }),
  );
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }));
  return { usagePlanId, keyId: key.id! };
}

const get = (value = VALUE) => aws.call('/orders', { headers: { 'X-API-Key': value } });

test('a method that requires a key takes enabled keys of a plan of its stage, and no others', async () => {
  const { keyId } = await metered();
  expect(await get()).toMatchObject(OK);
  expect(await aws.call('/orders')).toMatchObject(FORBIDDEN);
  expect(await get('zyxwvutsrqponmlkjihgfedcba')).toMatchObject(FORBIDDEN);
  const enabled = (value: string) =>
    aws.gateway.send(
      new UpdateApiKeyCommand({
        apiKey: keyId,
        patchOperations: [{ op: 'replace', path: '/enabled', value }],
      }),
    );
  await enabled('false');
  expect(await get()).toMatchObject(FORBIDDEN);
});

test('a key without a plan for the stage does not open it', async () => {
  await metered({ apiStages: [] });
  expect(await get()).toMatchObject(FORBIDDEN);
});

test('a plan lets a burst through and then a rate', async () => {
  await metered({ throttle: { rateLimit: 2, burstLimit: 3 } });
  for (let i = 0; i < 3; i++) expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(THROTTLED);
  await aws.advance(500);
  expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(THROTTLED);
  await aws.advance('1m');
  for (let i = 0; i < 3; i++) expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(THROTTLED);
});

test('a plan may have limits of its own for a method', async () => {
  aws = await startApi();
  const throttle = { '/orders/GET': { rateLimit: 1, burstLimit: 1 } };
  const { restApiId } = aws;
  await aws.stop();
  await metered({ apiStages: [{ apiId: restApiId, stage: 'dev', throttle }] });
  expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(THROTTLED);
});

test.each([
  ['DAY', '2030-01-01T23:59:59Z', '2030-01-02T00:00:00Z'],
  ['WEEK', '2030-01-05T23:59:59Z', '2030-01-06T00:00:00Z'],
  ['MONTH', '2030-01-31T23:59:59Z', '2030-02-01T00:00:00Z'],
] as const)('a quota holds for a %s', async (period, last, next) => {
  await metered({ quota: { limit: 2, period } });
  const until = (time: string) => aws.advance(Date.parse(time) - aws.world.clock.now());
  expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(EXCEEDED);
  await until(last);
  expect(await get()).toMatchObject(EXCEEDED);
  await until(next);
  expect(await get()).toMatchObject(OK);
});

test('what a key has used can be asked, and given back', async () => {
  const { usagePlanId, keyId } = await metered({ quota: { limit: 2, period: 'DAY' } });
  await get();
  await get();
  const range = { usagePlanId, startDate: '2030-01-01', endDate: '2030-01-02' };
  const { items } = await aws.gateway.send(new GetUsageCommand(range));
  expect(items).toEqual({
    [keyId]: [
      [2, 0],
      [0, 2],
    ],
  });
  const patchOperations = [{ op: 'replace' as const, path: '/remaining', value: '1' }];
  await aws.gateway.send(new UpdateUsageCommand({ usagePlanId, keyId, patchOperations }));
  expect(await get()).toMatchObject(OK);
  expect(await get()).toMatchObject(EXCEEDED);
});

test('a stage throttles its methods, each by itself', async () => {
  aws = await startApi();
  await aws.route('GET /a');
  await aws.route('GET /b');
  await aws.publish();
  await aws.setStage([
    { op: 'replace', path: '/*/*/throttling/rateLimit', value: '1' },
    { op: 'replace', path: '/*/*/throttling/burstLimit', value: '1' },
    { op: 'replace', path: '/~1b/GET/throttling/burstLimit', value: '2' },
  ]);
  expect(await aws.call('/a')).toMatchObject(OK);
  expect(await aws.call('/a')).toMatchObject(THROTTLED);
  expect(await aws.call('/b')).toMatchObject(OK);
  expect(await aws.call('/b')).toMatchObject(OK);
  expect(await aws.call('/b')).toMatchObject(THROTTLED);
});
