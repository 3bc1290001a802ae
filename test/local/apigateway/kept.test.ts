import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetAccountCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  UpdateAccountCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { startKept, type Kept } from '../durability/killed.ts';
import { send } from './api.ts';
import { fresh } from './fresh.ts';

const VALUE = 'abcdefghijklmnopqrstuvwxyz';

test('APIs, keys, plans and what was used of them outlive the process', async () => {
  const aws = await startKept();
  const gateway = aws.client(APIGatewayClient);
  const { restApiId, at, deployed } = await fresh(gateway);
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await gateway.send(new PutIntegrationCommand({ ...at, type: 'MOCK', requestTemplates }));
  await gateway.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200' }));
  const patchOperations = [{ op: 'replace' as const, path: '/apiKeyRequired', value: 'true' }];
  await gateway.send(new UpdateMethodCommand({ ...at, patchOperations }));
  await deployed();
  const { id: keyId } = await gateway.send(new CreateApiKeyCommand({ value: VALUE, enabled: true }));
  const apiStages = [{ apiId: restApiId, stage: 'dev' }];
  const quota = { limit: 2, period: 'DAY' as const };
  const { id: usagePlanId } = await gateway.send(new CreateUsagePlanCommand({ name: 'p', apiStages, quota }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const role = 'arn:aws:iam::000000000000:role/logs';
  await gateway.send(
    new UpdateAccountCommand({
      patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: role }],
    }),
  );
  const status = async (on: Kept) =>
    (await send(on, `/_aws/execute-api/${restApiId}/dev/`, { headers: { 'x-api-key': VALUE } })).status;
  expect(await status(aws)).toBe(200);

  const next = await aws.killed();
  expect(await next.client(APIGatewayClient).send(new GetAccountCommand({}))).toMatchObject({
    cloudwatchRoleArn: role,
  });
  expect([await status(next), await status(next)]).toEqual([200, 429]);
});
