import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { afterAll, expect, test } from 'vitest';
import { send } from '../apigateway/api.ts';
import { startKept, type Kept } from '../durability/killed.ts';

const folder = mkdtempSync(join(tmpdir(), 'urls-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `addFunctionUrl` makes of a function and of an alias. */
function synthesized(cors?: lambda.FunctionUrlCorsOptions): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const handler = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async ({ rawPath }) => rawPath'),
  });
  const authType = lambda.FunctionUrlAuthType.NONE;
  const own = handler.addFunctionUrl({ authType, ...(cors && { cors }) });
  const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
  void new CfnOutput(stack, 'Own', { value: own.url });
  void new CfnOutput(stack, 'OfAlias', { value: live.addFunctionUrl({ authType }).url });
  void new CfnOutput(stack, 'Signed', {
    value: new lambda.FunctionUrl(stack, 'Url', { function: other(stack) }).url,
  });
  return app.synth().directory;
}

const other = (stack: Stack) =>
  new lambda.Function(stack, 'Other', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
  });

const get = (on: Kept, url: string, headers: Record<string, string> = {}) =>
  send(on, '/orders', { headers: { Host: new URL(url).host, ...headers } });

test('the addresses in the outputs lead to the functions, after a restart too, and leave with their stack', async () => {
  const first = await startKept();
  const { Shop = {} } = await first.deploy(synthesized());
  const texts = async (on: Kept) =>
    Promise.all(
      [Shop['Own']!, Shop['OfAlias']!, Shop['Signed']!].map(async (url) => {
        const { status, text } = await get(on, url);
        return status === 200 ? text : status;
      }),
    );
  expect(await texts(first)).toEqual(['/orders', '/orders', 403]);
  const aws = await first.killed();
  expect(await texts(aws)).toEqual(['/orders', '/orders', 403]);
  const { Shop: changed = {} } = await aws.deploy(synthesized({ allowedOrigins: ['https://shop.example'] }));
  expect(changed).toEqual(Shop);
  const { headers } = await get(aws, Shop['Own']!, { Origin: 'https://shop.example' });
  expect(headers['access-control-allow-origin']).toBe('https://shop.example');
  await aws.deploy(synthesized());
  expect((await get(aws, Shop['Own']!, { Origin: 'https://shop.example' })).headers).not.toHaveProperty(
    'access-control-allow-origin',
  );
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect(await texts(aws)).toEqual([403, 403, 403]);
});
