import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { send } from '../apigateway/api.ts';
import { startKept, type Kept } from '../durability/killed.ts';

test('HTTP APIs with their stages outlive the process', async () => {
  const aws = await startKept();
  const gateway = aws.client(ApiGatewayV2Client);
  const { ApiId } = await gateway.send(new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await gateway.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:eu-west-1:000000000000:function:gone',
      PayloadFormatVersion: '2.0',
    }),
  );
  await gateway.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  const Target = `integrations/${IntegrationId}`;
  await gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', Target }));
  const statuses = async (on: Kept) => [
    (await send(on, `/_aws/execute-api/${ApiId}/orders`)).status,
    (await send(on, `/_aws/execute-api/${ApiId}/else`)).status,
  ];
  expect(await statuses(aws)).toEqual([500, 404]);
  expect(await statuses(await aws.killed())).toEqual([500, 404]);
});
