import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKept, type Kept } from '../durability/killed.ts';
import { send } from './api.ts';

let aws: Kept;
let folder: string;
let host: string;

/** What aws-apigateway's authorizers make; `open` does without them. */
function synthesized(open: boolean): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const fn = (id: string, body: string) =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(`exports.handler = async (event) => (${body})`),
    });
  const guard = fn(
    'Guard',
    `{
      principalId: event.type,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Action: 'execute-api:Invoke',
          Effect: (event.authorizationToken ?? event.queryStringParameters.key) === 'secret' ? 'Allow' : 'Deny',
          Resource: event.methodArn,
        }],
      },
    }`,
  );
  const api = new apigateway.RestApi(stack, 'Api', { deployOptions: { stageName: 'v1' } });
  const integration = new apigateway.LambdaIntegration(
    fn('Fn', '{ statusCode: 200, body: event.requestContext.authorizer?.principalId ?? "nobody" }'),
  );
  const authorizers = (): Record<string, apigateway.IAuthorizer> => ({
    token: new apigateway.TokenAuthorizer(stack, 'Token', {
      handler: guard,
      validationRegex: String.raw`\w+`,
      resultsCacheTtl: Duration.seconds(0),
    }),
    request: new apigateway.RequestAuthorizer(stack, 'Request', {
      handler: guard,
      identitySources: [apigateway.IdentitySource.queryString('key')],
    }),
  });
  const { token, request } = open ? {} : authorizers();
  api.root.addResource('token').addMethod('GET', integration, { authorizer: token });
  api.root.addResource('request').addMethod('GET', integration, { authorizer: request });
  void new CfnOutput(stack, 'Url', { value: api.url });
  return app.synth().directory;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authorizers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = async (on: Kept, path: string, Authorization = '') =>
  send(on, `/v1${path}`, { headers: { host, ...(Authorization !== '' && { Authorization }) } });

test('methods ask the authorizers that they were given, after a restart too, until these are taken off', async () => {
  aws = await startKept();
  const { Shop } = await aws.deploy(synthesized(false));
  host = new URL(Shop!['Url']!).host;
  const answers = async (on: Kept) => {
    const got = [
      await get(on, '/token', 'secret'),
      await get(on, '/token', 'guess'),
      await get(on, '/token', 'no word'),
      await get(on, '/request?key=secret'),
      await get(on, '/request?key=guess'),
      await get(on, '/request'),
    ];
    return got.map(({ status, text }) => (status === 200 ? text : status));
  };
  const expected = ['TOKEN', 403, 401, 'REQUEST', 403, 401];
  expect(await answers(aws)).toEqual(expected);
  aws = await aws.killed();
  expect(await answers(aws)).toEqual(expected);
  await aws.deploy(synthesized(true));
  expect((await get(aws, '/token')).text).toBe('nobody');
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect((await aws.client(APIGatewayClient).send(new GetRestApisCommand({}))).items).toEqual([]);
});
