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
  const { Shop = {} } = await first.deploy(synthesized({ allowedOrigins: ['https://shop.example'] }));
  const answers = async (on: Kept) => {
    const got = await Promise.all(
      ['Own', 'OfAlias', 'Signed'].map((name) => get(on, Shop[name]!, { Origin: 'https://shop.example' })),
    );
    return got.map(({ status, text, headers }) => [
      status === 200 ? text : status,
      headers['access-control-allow-origin'],
    ]);
  };
  const alias = ['/orders', undefined];
  const signed = [403, undefined];
  expect(await answers(first)).toEqual([['/orders', 'https://shop.example'], alias, signed]);
  const aws = await first.killed();
  expect(await answers(aws)).toEqual([['/orders', 'https://shop.example'], alias, signed]);
  expect((await aws.deploy(synthesized()))['Shop']).toEqual(Shop);
  expect(await answers(aws)).toEqual([['/orders', undefined], alias, signed]);
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Shop' }));
  await aws.advance('1m');
  expect(await answers(aws)).toEqual([signed, signed, signed]);
});
