import {
  APIGatewayClient,
  CreateDeploymentCommand,
  DeleteModelCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetMethodCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  GetTagsCommand,
  TagResourceCommand,
  UpdateApiKeyCommand,
  UpdateRestApiCommand,
  UpdateUsagePlanCommand,
  type PatchOperation,
  type PutIntegrationCommandInput,
} from '@aws-sdk/client-api-gateway';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { withRole } from '../iam/role.ts';
import { invocationUri } from './api.ts';
import { fresh } from './fresh.ts';

const aws = await startLocal();
const gateway = aws.client(APIGatewayClient);
afterAll(() => aws.stop());

test('an API begins with a root, two models and standard responses', async () => {
  const { restApiId, rootId, api } = await fresh(gateway);
  expect(api).toMatchObject({
    id: expect.stringMatching(/^[a-z0-9]{10}$/) as string,
    name: 'shop',
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    disableExecuteApiEndpoint: false,
  });
  const { items: resources } = await gateway.send(new GetResourcesCommand({ restApiId }));
  expect(resources).toEqual([{ id: rootId, path: '/', resourceMethods: { ANY: {} } }]);
  const { items: models = [] } = await gateway.send(new GetModelsCommand({ restApiId }));
  expect(models.map(({ name }) => name)).toEqual(['Empty', 'Error']);
  const { items: responses = [] } = await gateway.send(new GetGatewayResponsesCommand({ restApiId }));
  expect(responses).toHaveLength(21);
  expect(responses[4]).toEqual({
    responseType: 'BAD_REQUEST_BODY',
    statusCode: '400',
    responseParameters: {},
    responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
    defaultResponse: true,
  });
});

test('what is not there is told apart', async () => {
  const { restApiId, at } = await fresh(gateway);
  const missing: [Promise<unknown>, string][] = [
    [
      gateway.send(new GetRestApiCommand({ restApiId: 'nowhere' })),
      'Invalid API identifier specified 000000000000:nowhere',
    ],
    [gateway.send(new GetMethodCommand({ ...at, resourceId: 'x' })), 'Invalid Resource identifier specified'],
    [gateway.send(new GetMethodCommand({ ...at, httpMethod: 'GET' })), 'Invalid Method identifier specified'],
    [gateway.send(new GetIntegrationCommand(at)), 'Invalid Integration identifier specified'],
    [gateway.send(new GetStageCommand({ restApiId, stageName: 'x' })), 'Invalid stage identifier specified'],
    [gateway.send(new DeleteModelCommand({ restApiId, modelName: 'X' })), 'Invalid model name specified: X'],
    [gateway.send(new UpdateUsagePlanCommand({ usagePlanId: 'x' })), 'Invalid Usage Plan ID specified'],
    [gateway.send(new UpdateApiKeyCommand({ apiKey: 'x' })), 'Invalid API Key identifier specified'],
  ];
  for (const [refused, message] of missing) await expect(refused).rejects.toThrow(message);
});

test('a tree of paths has one variable at each place, and nothing below a greedy one', async () => {
  const { resource } = await fresh(gateway);
  const { id } = await resource('{proxy+}');
  await expect(resource('{id}')).rejects.toThrow(
    'A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed',
  );
  await expect(resource('below', id)).rejects.toThrow(
    'Cannot create a child of a resource with a greedy path variable: {proxy+}',
  );
  await resource('pets');
  await expect(resource('pets')).rejects.toThrow(
    'Another resource with the same parent already has this name: pets',
  );
  await expect(resource('a/b')).rejects.toThrow("Resource's path part only allow a-zA-Z0-9._-:");
});

test.each<[string, Partial<PutIntegrationCommandInput>, string]>([
  [
    'no ARN',
    { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: 'x' },
    'Invalid ARN specified in the request',
  ],
  [
    'an ARN that is no place',
    {
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
    },
    'AWS ARN for integration must contain path or action',
  ],
  [
    'another service',
    { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: 'arn:aws:apigateway:eu-west-1:sqs:path/x' },
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  ],
  [
    'no method',
    { type: 'AWS_PROXY', uri: invocationUri() },
    'Enumeration value for HttpMethod must be non-empty',
  ],
  ['more than 29 s', { timeoutInMillis: 29_001 }, 'Timeout should be between 50 ms and 29000 ms'],
  [
    'a VPC link',
    { type: 'HTTP_PROXY', connectionType: 'VPC_LINK' },
    'The embedded AWS does not model VPC links',
  ],
  ['HTTP', { type: 'HTTP_PROXY' }, 'The embedded AWS does not model integrations of type HTTP_PROXY'],
])('an integration with %s is refused', async (_what, input, message) => {
  const { integration } = await fresh(gateway);
  await expect(integration(input)).rejects.toThrow(message);
});

test('settings change by patches, each on a path of its own', async () => {
  const { restApiId } = await fresh(gateway);
  const patch = (...patchOperations: PatchOperation[]) =>
    gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
  const { binaryMediaTypes, description } = await patch(
    { op: 'add', path: '/binaryMediaTypes/image~1png' },
    { op: 'add', path: '/binaryMediaTypes/image~1gif' },
    { op: 'remove', path: '/binaryMediaTypes/image~1png' },
    { op: 'replace', path: '/description', value: 'better' },
  );
  expect({ binaryMediaTypes, description }).toEqual({
    binaryMediaTypes: ['image/gif'],
    description: 'better',
  });
  await expect(patch({ op: 'replace', path: '/createdDate', value: 'x' })).rejects.toThrow(
    "Invalid patch path  '/createdDate' specified for op 'replace'. Must be one of: [/name, ",
  );
  await expect(patch({ op: 'move', path: '/name' })).rejects.toThrow('Invalid patch operation specified.');
});

test('tags are by ARN', async () => {
  const { restApiId } = await fresh(gateway);
  const resourceArn = `arn:aws:apigateway:eu-west-1::/restapis/${restApiId}`;
  await gateway.send(new TagResourceCommand({ resourceArn, tags: { team: 'a' } }));
  expect((await gateway.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: 'a' });
});

test('permissions are for methods of HTTP on paths', async () => {
  const { restApiId } = await fresh(gateway);
  const Resource = `arn:aws:apigateway:eu-west-1::/restapis/${restApiId}`;
  const RoleArn = await withRole(aws, {
    name: 'reader',
    trust: { AWS: '*' },
    statements: [{ Effect: 'Allow', Action: 'apigateway:GET', Resource }],
  });
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'reader' }));
  const reader = aws.client(APIGatewayClient, {
    credentials: {
      accessKeyId: Credentials!.AccessKeyId,
      secretAccessKey: Credentials!.SecretAccessKey,
      sessionToken: Credentials!.SessionToken,
    },
  });
  expect(await reader.send(new GetRestApiCommand({ restApiId }))).toMatchObject({ name: 'shop' });
  await expect(reader.send(new GetResourcesCommand({ restApiId }))).rejects.toThrow(
    `is not authorized to perform: apigateway:GET on resource: ${Resource}/resources because no identity-based policy allows the apigateway:GET action`,
  );
  await expect(reader.send(new CreateDeploymentCommand({ restApiId }))).rejects.toThrow(
    `is not authorized to perform: apigateway:POST on resource: ${Resource}/deployments`,
  );
});
