import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { send } from './api.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz';
let aws: Local;
let folder: string;
let outputs: Record<string, string>;

/** What aws-apigateway's constructs make of common settings. */
function synthesized(answer: string): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const handler = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(`exports.handler = async () => ({ statusCode: 202, body: '${answer}' })`),
  });
  const group = new logs.LogGroup(stack, 'Access', { removalPolicy: RemovalPolicy.DESTROY });
  const api = new apigateway.RestApi(stack, 'Api', {
    cloudWatchRole: true,
    defaultCorsPreflightOptions: { allowOrigins: apigateway.Cors.ALL_ORIGINS },
    deployOptions: {
      stageName: 'v1',
      accessLogDestination: new apigateway.LogGroupLogDestination(group),
      accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
      throttlingRateLimit: 100,
      throttlingBurstLimit: 50,
      methodOptions: { '/orders/POST': { throttlingRateLimit: 10, throttlingBurstLimit: 5 } },
    },
  });
  const order = api.addModel('Order', {
    contentType: 'application/json',
    schema: {
      schema: apigateway.JsonSchemaVersion.DRAFT4,
      type: apigateway.JsonSchemaType.OBJECT,
      required: ['id'],
      properties: { id: { type: apigateway.JsonSchemaType.STRING } },
    },
  });
  api.root.addResource('orders').addMethod('POST', new apigateway.LambdaIntegration(handler), {
    apiKeyRequired: true,
    requestModels: { 'application/json': order },
    requestValidator: api.addRequestValidator('Whole', {
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
    requestParameters: { 'method.request.header.Idempotency-Key': true },
  });
  api.addGatewayResponse('Problem', {
    type: apigateway.ResponseType.BAD_REQUEST_BODY,
    responseHeaders: { 'Content-Type': "'application/problem+json'" },
    templates: { 'application/json': '{"title":$context.error.messageString}' },
  });
  const key = api.addApiKey('Key', { value: KEY });
  const plan = api.addUsagePlan('Plan', { throttle: { rateLimit: 5, burstLimit: 2 } });
  plan.addApiKey(key);
  plan.addApiStage({ stage: api.deploymentStage });
  const simple = new apigateway.LambdaRestApi(stack, 'Simple', { handler });
  void new CfnOutput(stack, 'Url', { value: api.url });
  void new CfnOutput(stack, 'SimpleUrl', { value: simple.url });
  return app.synth().directory;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  aws = await startLocal();
  ({ Shop: outputs = {} } = await aws.deploy(synthesized('first')));
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

/** As the outputs say it: the host is in a header, because no name of AWS leads here. */
const at = (
  url: string,
  path: string,
  sent: { headers?: Record<string, string>; method?: string; body?: string } = {},
) => {
  const { host, pathname } = new URL(url);
  return send(aws, `${pathname}${path}`, { ...sent, headers: { host, ...sent.headers } });
};
const place = (sent: { headers?: Record<string, string>; body?: string } = {}) =>
  at(outputs['Url']!, 'orders', {
    method: 'POST',
    body: '{"id":"7"}',
    ...sent,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': '1',
      'x-api-key': KEY,
      ...sent.headers,
    },
  });

test('the address in the outputs leads to the function', async () => {
  expect(outputs['Url']).toMatch(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/v1\/$/);
  expect(await place()).toMatchObject({ status: 202, text: 'first' });
  expect(await at(outputs['SimpleUrl']!, 'any/thing')).toMatchObject({ status: 202, text: 'first' });
});

test('a request without a key, a parameter or a proper body does not reach the function', async () => {
  await aws.advance('1m');
  expect(await place({ headers: { 'x-api-key': 'zzz' } })).toMatchObject({
    status: 403,
    json: { message: 'Forbidden' },
  });
  expect(await place({ headers: { 'idempotency-key': '' } })).toMatchObject({
    status: 400,
    json: { message: 'Missing required request parameters: [Idempotency-Key]' },
  });
  await aws.advance('1m');
  expect(await place({ body: '{}' })).toMatchObject({
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
    json: { title: 'Invalid request body' },
  });
});

test('a preflight is answered as CDK says', async () => {
  const { status, headers } = await at(outputs['Url']!, 'orders', { method: 'OPTIONS' });
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD',
  });
});

test('requests are in the access log of the stage', async () => {
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: await group() }));
  expect(JSON.parse(events[0]!.message!)).toMatchObject({
    httpMethod: 'POST',
    resourcePath: '/orders',
    status: '202',
    ip: '127.0.0.1',
    user: '-',
    responseLength: '5',
  });
});

const group = async (): Promise<string> => {
  const restApiId = new URL(outputs['Url']!).host.split('.')[0];
  const { accessLogSettings } = await aws
    .client(APIGatewayClient)
    .send(new GetStageCommand({ restApiId, stageName: 'v1' }));
  return accessLogSettings!.destinationArn!.split(':')[6]!;
};

test('a changed handler and a changed API are served after the next deploy; nothing is left after the last', async () => {
  await aws.deploy(synthesized('second'));
  await aws.advance('1m');
  expect(await place()).toMatchObject({ status: 202, text: 'second' });
  expect(await names()).toEqual(['Api', 'Simple']);
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect(await names()).toEqual([]);
});

const names = async (): Promise<unknown[]> => {
  const { items = [] } = await aws.client(APIGatewayClient).send(new GetRestApisCommand({}));
  return items.map(({ name }) => name);
};

test('a model that AWS would not take fails the deploy, with the reason', async () => {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const api = new apigateway.RestApi(new Stack(app, 'Wrong'), 'Api');
  api.root.addMethod('GET');
  const type = apigateway.JsonSchemaType.STRING;
  api.addModel('Status', { schema: { type, enum: ['A', 'A'] } });
  await expect(aws.deploy(app.synth().directory)).rejects.toThrow(
    'Resource handler returned message: "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified] (Service: ApiGateway, Status Code: 400)" (HandlerErrorCode: InvalidRequest)',
  );
});
