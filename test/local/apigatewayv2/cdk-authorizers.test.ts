import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  LogGroupLogDestination,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { send } from '../apigateway/api.ts';
import { newIssuer, type Issuer } from './issuer.ts';

let aws: Local;
let issuer: Issuer;
let folder: string;
let host: string;

/** What aws-apigatewayv2-authorizers makes; `open` takes the authorizers off again. */
function synthesized(open: boolean): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const fn = (id: string, body: string) =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(`exports.handler = async (event) => (${body})`),
    });
  const handler = fn(
    'Fn',
    `{ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? {}) }`,
  );
  const guard = fn('Guard', `{ isAuthorized: event.headers.authorization === 'secret' }`);
  const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
  api.addStage('DefaultStage', {
    autoDeploy: true,
    accessLogSettings: {
      destination: new LogGroupLogDestination(new logs.LogGroup(stack, 'Access', { logGroupName: 'access' })),
      format: AccessLogFormat.custom(
        '$context.requestId $context.path $context.status $context.authorizer.error $context.authorizer.claims.sub',
      ),
    },
  });
  const authorizers: Record<string, IHttpRouteAuthorizer> = {
    tokens: new HttpJwtAuthorizer('Tokens', issuer.url, { jwtAudience: ['shop'] }),
    asking: new HttpLambdaAuthorizer('Asking', guard, { responseTypes: [HttpLambdaResponseType.SIMPLE] }),
    signed: new HttpIamAuthorizer(),
  };
  for (const [path, authorizer] of Object.entries(authorizers))
    api.addRoutes({
      path: `/${path}`,
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration(path, handler),
      authorizer: open ? new HttpNoneAuthorizer() : authorizer,
    });
  void new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
  return app.synth().directory;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'authorizers-'));
  issuer = await newIssuer();
  aws = await startLocal();
  const { Shop } = await aws.deploy(synthesized(false));
  host = new URL(Shop!['Url']!).host;
}, 60_000);
afterAll(async () => {
  await aws.stop();
  issuer.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string, authorization?: string) =>
  send(aws, path, { headers: { host, ...(authorization !== undefined && { authorization }) } });
const statuses = async () =>
  Promise.all(['/tokens', '/asking', '/signed'].map(async (path) => (await get(path)).status));

test('each route asks the authorizer that it was given', async () => {
  expect(await statuses()).toEqual([401, 401, 403]);
  const exp = aws.world.clock.now() / 1000 + 60;
  const token = issuer.token({ iss: issuer.url, aud: 'shop', sub: 'me', exp });
  expect(await get('/tokens', `Bearer ${token}`)).toMatchObject({
    status: 200,
    json: { jwt: { scopes: null } },
  });
  expect(await get('/asking', 'secret')).toMatchObject({ status: 200, json: { lambda: null } });
  expect((await get('/asking', 'guess')).status).toBe(403);
});

test('access logs tell who called, or why nobody was let in', async () => {
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: 'access', filterPattern: 'tokens' }));
  expect(events.map(({ message = '' }) => message.replace(/^\S+ /, ''))).toEqual([
    '/tokens 401 missing: token not provided -',
    '/tokens 200 - me',
  ]);
});

test('authorizers are taken off, and leave with their stack', async () => {
  await aws.deploy(synthesized(true));
  expect(await statuses()).toEqual([200, 200, 200]);
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect((await aws.client(ApiGatewayV2Client).send(new GetApisCommand({}))).Items).toEqual([]);
});
