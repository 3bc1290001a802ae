import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { CorsHttpMethod, HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpEventBridgeIntegration,
  HttpLambdaIntegration,
  HttpSqsIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { EventBus } from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { send } from '../apigateway/api.ts';

let aws: Local;
let folder: string;
let url: URL;

/** What aws-apigatewayv2's constructs make of common settings. */
function synthesized(answer: string): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const handler = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(
      `exports.handler = async ({ pathParameters }) => ({ statusCode: 200, body: '${answer} ' + pathParameters.id, headers: { 'access-control-allow-origin': 'mine' } })`,
    ),
  });
  const group = new logs.LogGroup(stack, 'Access', {
    logGroupName: 'access',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const api = new HttpApi(stack, 'Api', {
    corsPreflight: {
      allowOrigins: ['https://shop.example'],
      allowMethods: [CorsHttpMethod.GET],
      allowHeaders: ['Authorization'],
      exposeHeaders: ['X-Count'],
      maxAge: Duration.hours(1),
    },
    createDefaultStage: false,
  });
  api.addStage('DefaultStage', {
    autoDeploy: true,
    throttle: { rateLimit: 100, burstLimit: 100 },
    accessLogSettings: {
      destination: new LogGroupLogDestination(group),
      format: AccessLogFormat.custom(
        '{"id":"$context.requestId","route":"$context.routeKey","status":"$context.status","length":"$context.responseLength","none":"$context.error.message"}',
      ),
    },
  });
  api.addRoutes({
    path: '/orders/{id}',
    methods: [HttpMethod.GET],
    integration: new HttpLambdaIntegration('Handler', handler),
  });
  const queue = new Queue(stack, 'Queue', { queueName: 'orders' });
  api.addRoutes({
    path: '/messages',
    methods: [HttpMethod.POST],
    integration: new HttpSqsIntegration('Queue', { queue }),
  });
  api.addRoutes({
    path: '/events',
    methods: [HttpMethod.POST],
    integration: new HttpEventBridgeIntegration('Bus', {
      eventBusRef: new EventBus(stack, 'Bus').eventBusRef,
    }),
  });
  void new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
  return app.synth().directory;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'http-apis-'));
  aws = await startLocal();
  const { Shop } = await aws.deploy(synthesized('first'));
  url = new URL(Shop!['Url']!);
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  send(aws, path, { method, headers: { host: url.host, ...headers } });

test('the address in the outputs leads to the function, and only to what it serves', async () => {
  expect(url.href).toMatch(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/$/);
  expect(await get('/orders/7')).toMatchObject({ status: 200, text: 'first 7' });
  expect(await get('/orders')).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
});

test('routes lead to a queue and to a bus', async () => {
  const post = (path: string, body: object) =>
    send(aws, path, {
      method: 'POST',
      headers: { host: url.host, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect(await post('/messages', { MessageBody: 'hello' })).toMatchObject({ status: 200 });
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1:4566/000000000000/orders' }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['hello']);
  const { text } = await post('/events', { Detail: {}, DetailType: 'Placed', Source: 'shop' });
  expect(JSON.parse(text)).toMatchObject({ FailedEntryCount: 0 });
});

test('browsers are answered by the API: those of the configured origin, and nobody else', async () => {
  const asks = { 'access-control-request-method': 'GET' };
  const origin = 'https://shop.example';
  expect(await get('/orders/7', { origin, ...asks }, 'OPTIONS')).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'Authorization',
      'access-control-max-age': '3600',
    },
  });
  const { headers } = await get('/orders/7', { origin: 'https://evil.example', ...asks }, 'OPTIONS');
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect((await get('/orders/7', { origin })).headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Count',
  });
  expect((await get('/orders/7')).headers['access-control-allow-origin']).toBeUndefined();
});

test('requests are logged and measured by stage', async () => {
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: 'access' }));
  expect(JSON.parse(events[0]!.message!)).toEqual({
    id: expect.stringMatching(/=$/),
    route: 'GET /orders/{id}',
    status: '200',
    length: '7',
    none: '-',
  });
  const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/ApiGateway',
      MetricName: '4xx',
      Dimensions: [
        { Name: 'ApiId', Value: url.host.split('.')[0] },
        { Name: 'Stage', Value: '$default' },
      ],
      StartTime: new Date('2030-01-01T00:00:00Z'),
      EndTime: new Date('2030-01-01T01:00:00Z'),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  expect(Datapoints[0]?.Sum).toBe(1);
});

test('a changed handler is served after the next deploy; nothing is left after the last', async () => {
  await aws.deploy(synthesized('second'));
  expect((await get('/orders/8')).text).toBe('second 8');
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect((await aws.client(ApiGatewayV2Client).send(new GetApisCommand({}))).Items).toEqual([]);
});
