import {
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  GetApiCommand,
  GetApisCommand,
  GetDeploymentsCommand,
  GetRoutesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { permit, startHttpApi, type HttpApi } from './api.ts';

let aws: HttpApi;
beforeEach(async () => {
  aws = await startHttpApi({ Tags: { team: 'shop' } });
});
afterEach(() => aws.stop());

const refusal = async (command: object) => {
  const error = (await aws.gateway
    .send(command as GetApiCommand)
    .catch((reason: unknown) => reason)) as Error;
  return `${error.name}: ${error.message}`;
};

test('an API is made with what AWS makes of it', async () => {
  const { $metadata: _none, ...api } = await aws.gateway.send(new GetApiCommand({ ApiId: aws.ApiId }));
  expect(api).toEqual({
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    ApiEndpoint: `https://${aws.ApiId}.execute-api.eu-west-1.amazonaws.com`,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: new Date('2030-01-01T00:00:00Z'),
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    Name: 'shop',
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
    Tags: { team: 'shop' },
  });
});

test('lists come in pages', async () => {
  await aws.gateway.send(new CreateApiCommand({ Name: 'other', ProtocolType: 'HTTP' }));
  const first = await aws.gateway.send(new GetApisCommand({ MaxResults: '1' }));
  const second = await aws.gateway.send(new GetApisCommand({ NextToken: first.NextToken }));
  expect([first, second].map(({ Items = [] }) => Items.map(({ Name }) => Name))).toEqual([
    ['shop'],
    ['other'],
  ]);
});

test('tags come and go by ARN', async () => {
  const ResourceArn = `arn:aws:apigateway:eu-west-1::/apis/${aws.ApiId}`;
  await aws.gateway.send(new TagResourceCommand({ ResourceArn, Tags: { a: '1' } }));
  await aws.gateway.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
  expect((await aws.gateway.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ a: '1' });
});

test('a stage that deploys by itself has every change at once, another has what it was given', async () => {
  await aws.make('exports.handler = async () => "made";');
  await permit(aws);
  await aws.stage();
  await aws.routes(['GET /a']);
  const { DeploymentId } = await aws.gateway.send(new CreateDeploymentCommand({ ApiId: aws.ApiId }));
  await aws.stage({ StageName: 'fixed', AutoDeploy: false, DeploymentId });
  await aws.routes(['GET /b']);
  const statuses = async () => [
    (await aws.call('/a')).status,
    (await aws.call('/b')).status,
    (await aws.call('/fixed/a')).status,
    (await aws.call('/fixed/b')).status,
  ];
  expect(await statuses()).toEqual([200, 200, 200, 404]);
  await aws.gateway.send(new CreateDeploymentCommand({ ApiId: aws.ApiId, StageName: 'fixed' }));
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  const { Items = [] } = await aws.gateway.send(new GetDeploymentsCommand({ ApiId: aws.ApiId }));
  expect(Items.map(({ AutoDeployed }) => AutoDeployed)).toEqual([false, true, false]);
});

test('routes and integrations change in place and go one after the other', async () => {
  const { ApiId } = aws;
  await aws.routes(['GET /a']);
  const [route] = (await aws.gateway.send(new GetRoutesCommand({ ApiId }))).Items!;
  const RouteId = route!.RouteId;
  const IntegrationId = route!.Target!.replace('integrations/', '');
  await aws.gateway.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'GET /b' }));
  await aws.gateway.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, TimeoutInMillis: 50 }));
  expect(await refusal(new DeleteIntegrationCommand({ ApiId, IntegrationId }))).toMatch(
    /^ConflictException: /,
  );
  await aws.gateway.send(new DeleteRouteCommand({ ApiId, RouteId }));
  await aws.gateway.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
  expect((await aws.gateway.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
});

test('what AWS refuses is refused in its words', async () => {
  const { ApiId } = aws;
  await aws.routes(['GET /a']);
  await aws.stage();
  const route = (RouteKey: string) => refusal(new CreateRouteCommand({ ApiId, RouteKey }));
  expect(await refusal(new GetApiCommand({ ApiId: 'nope' }))).toBe(
    'NotFoundException: Invalid API identifier specified 000000000000:nope',
  );
  expect(await route('GET/a')).toBe(
    'BadRequestException: The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
  );
  expect(await route('GET /a')).toBe('ConflictException: Route with key GET /a already exists for this API');
  expect(await refusal(new CreateStageCommand({ ApiId, StageName: '$default' }))).toBe(
    'ConflictException: Stage already exists',
  );
  const RouteSettings = { 'GET /x': { ThrottlingRateLimit: 1 } };
  expect(await refusal(new CreateStageCommand({ ApiId, StageName: 'dev', RouteSettings }))).toBe(
    'NotFoundException: Unable to find Route by key GET /x within the provided RouteSettings',
  );
  const { Items = [] } = await aws.gateway.send(new GetDeploymentsCommand({ ApiId }));
  const DeploymentId = Items[0]!.DeploymentId;
  expect(await refusal(new DeleteDeploymentCommand({ ApiId, DeploymentId }))).toBe(
    'BadRequestException: Active stages pointing to this deployment must be moved or deleted',
  );
});

test('an API without a route cannot be deployed', async () => {
  expect(await refusal(new CreateDeploymentCommand({ ApiId: aws.ApiId }))).toBe(
    'BadRequestException: At least one route is required before deploying the Api.',
  );
});

test('what is not modelled is refused by name', async () => {
  const { ApiId } = aws;
  const integration = { ApiId, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '1.0' } as const;
  const commands = [
    new CreateApiCommand({ Name: 'n', ProtocolType: 'WEBSOCKET' }),
    new CreateApiCommand({ Name: 'n', ProtocolType: 'HTTP', Target: 'arn:aws:lambda:::function:f' }),
    new UpdateApiCommand({ ApiId, RouteKey: 'GET /' }),
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /', ModelSelectionExpression: '$request.body.a' }),
    new CreateIntegrationCommand({ ApiId, IntegrationType: 'HTTP_PROXY' }),
    new CreateIntegrationCommand({ ...integration, IntegrationSubtype: 'SQS-PurgeQueue' }),
    new CreateIntegrationCommand({ ...integration, ConnectionType: 'VPC_LINK' }),
    new CreateIntegrationCommand({ ...integration, RequestParameters: {} }),
  ];
  expect(await Promise.all(commands.map(refusal))).toEqual([
    expect.stringContaining('does not model APIs of the protocol WEBSOCKET'),
    expect.stringContaining('does not model Target of an HTTP API'),
    expect.stringContaining('does not model RouteKey of an HTTP API'),
    expect.stringContaining('does not model ModelSelectionExpression of a route of an HTTP API'),
    expect.stringContaining('does not model integrations HTTP_PROXY of HTTP APIs'),
    expect.stringContaining('does not model integrations SQS-PurgeQueue of HTTP APIs'),
    expect.stringContaining('does not model connections VPC_LINK of HTTP APIs'),
    expect.stringContaining('does not model RequestParameters of an integration of an HTTP API'),
  ]);
});
