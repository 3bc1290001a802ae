import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateStageCommand,
  CreateUsagePlanCommand,
  DeleteDeploymentCommand,
  DeleteUsagePlanCommand,
  GetApiKeysCommand,
  UpdateStageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { send } from './api.ts';
import { fresh } from './fresh.ts';

const aws = await startLocal();
const gateway = aws.client(APIGatewayClient);
afterAll(() => aws.stop());

test('a deployment needs methods that lead somewhere, and stays while a stage serves it', async () => {
  const { restApiId, integration, deployed } = await fresh(gateway);
  const deploy = () => gateway.send(new CreateDeploymentCommand({ restApiId }));
  await expect(deploy()).rejects.toThrow('No integration defined for method');
  await integration();
  const deploymentId = await deployed();
  await expect(gateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId }))).rejects.toThrow(
    'Active stages pointing to this deployment must be moved or deleted',
  );
  await expect(
    gateway.send(new CreateStageCommand({ restApiId, stageName: 'dev', deploymentId })),
  ).rejects.toThrow('Stage already exists');
});

test('settings of methods begin with those of AWS, and go by themselves', async () => {
  const { restApiId, integration, deployed } = await fresh(gateway);
  await integration();
  await deployed();
  const patch = (op: 'replace' | 'remove', path: string, value?: string) =>
    gateway.send(
      new UpdateStageCommand({ restApiId, stageName: 'dev', patchOperations: [{ op, path, value }] }),
    );
  expect((await patch('replace', '/*/*/metrics/enabled', 'true')).methodSettings).toEqual({
    '*/*': {
      metricsEnabled: true,
      dataTraceEnabled: false,
      throttlingBurstLimit: 5000,
      throttlingRateLimit: 10_000,
      cachingEnabled: false,
      cacheTtlInSeconds: 300,
      cacheDataEncrypted: false,
      requireAuthorizationForCacheControl: true,
      unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
    },
  });
  expect((await patch('remove', '/*/*')).methodSettings ?? {}).toEqual({});
  await expect(patch('remove', '/*/*')).rejects.toThrow(
    'Cannot remove method setting */* because there is no method setting for this method ',
  );
  await expect(patch('replace', '/*/*/caching/enabled', 'true')).rejects.toThrow('caches of REST APIs');
});

test('a key is at least 20 characters long and only once there', async () => {
  const create = (value: string) => gateway.send(new CreateApiKeyCommand({ name: 'mine', value }));
  await expect(create('short')).rejects.toThrow('API Key value should be at least 20 characters');
  await expect(create('x'.repeat(129))).rejects.toThrow(
    'API Key value exceeds maximum size of 128 characters',
  );
  await create('abcdefghijklmnopqrstuvwxyz');
  await expect(create('abcdefghijklmnopqrstuvwxyz')).rejects.toThrow('API Key already exists');
  const { items: without = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery: 'mi' }));
  expect(without.map(({ value }) => value)).toEqual([undefined]);
  const { items = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery: 'mi', includeValues: true }));
  expect(items.map(({ value }) => value)).toEqual(['abcdefghijklmnopqrstuvwxyz']);
});

test('a plan is for stages that are there, and stays while it has any', async () => {
  const { restApiId, integration, deployed } = await fresh(gateway);
  await integration();
  await deployed();
  const create = (stage: string) =>
    gateway.send(new CreateUsagePlanCommand({ name: 'plan', apiStages: [{ apiId: restApiId, stage }] }));
  await expect(create('prod')).rejects.toThrow(
    `Invalid API Stage {api: ${restApiId}, stage: prod} specified`,
  );
  const { id: usagePlanId } = await create('dev');
  const gone = () => gateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
  await expect(gone()).rejects.toThrow('Cannot delete usage plan');
  const stage = `${restApiId}:dev`;
  const { apiStages } = await gateway.send(
    new UpdateUsagePlanCommand({
      usagePlanId,
      patchOperations: [
        { op: 'replace', path: `/apiStages/${stage}/throttle/~1orders~1POST/rateLimit`, value: '2' },
        { op: 'replace', path: '/throttle/burstLimit', value: '3' },
      ],
    }),
  );
  expect(apiStages).toEqual([
    { apiId: restApiId, stage: 'dev', throttle: { '/orders/POST': { rateLimit: 2 } } },
  ]);
  await gateway.send(
    new UpdateUsagePlanCommand({
      usagePlanId,
      patchOperations: [{ op: 'remove', path: '/apiStages', value: stage }],
    }),
  );
  await gone();
});

test('an API of another region is reached by its host', async () => {
  const abroad = aws.client(APIGatewayClient, { region: 'us-east-1' });
  const { restApiId, integration, deployed } = await fresh(abroad);
  await integration();
  await deployed();
  const at = (region: string) =>
    send(aws, '/dev/', { headers: { host: `${restApiId}.execute-api.${region}.amazonaws.com` } });
  expect((await at('us-east-1')).status).toBe(500); // the mock has no response
  expect((await at('eu-west-1')).status).toBe(403);
});
