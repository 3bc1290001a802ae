import {
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  UpdateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { echo, startUrls, type WithUrls } from './urls.ts';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:';
let aws: WithUrls;
beforeAll(async () => {
  aws = await startUrls();
  await aws.open('taken');
  await aws.make(echo(), { FunctionName: 'managed' });
});
afterAll(() => aws.stop());

test('a URL is described, changed and taken away', async () => {
  const FunctionName = 'managed';
  const Cors = { AllowOrigins: ['*'] };
  const at = await aws.urlOf(FunctionName, { Cors });
  const get = () => aws.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  expect(await get()).toMatchObject({
    FunctionUrl: `https://${at}/`,
    FunctionArn: `${ARN}managed`,
    AuthType: 'NONE',
    Cors,
    InvokeMode: 'BUFFERED',
    CreationTime: new Date(aws.world.clock.now()).toISOString(),
  });
  await aws.advance('1m');
  await aws.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM', Cors: {} }));
  const changed = await get();
  expect(changed).toMatchObject({ FunctionUrl: `https://${at}/`, AuthType: 'AWS_IAM' });
  expect(changed.Cors).toBeUndefined();
  expect(Date.parse(changed.LastModifiedTime!) - Date.parse(changed.CreationTime!)).toBe(60_000);
  await aws.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
  await expect(get()).rejects.toThrow('The resource you requested does not exist.');
  expect((await aws.call(at)).text).toBe('{"Message":null}');
});

test.each<[string, Partial<CreateFunctionUrlConfigCommandInput>, string]>([
  ['of a function that is not there', { FunctionName: 'missing' }, 'Function does not exist'],
  [
    'beside another',
    { FunctionName: 'taken' },
    `Failed to create function url config for [functionArn = ${ARN}taken]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  ],
  [
    'of a version',
    { Qualifier: '1' },
    String.raw`1 validation error detected: Value '1' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$)`,
  ],
  [
    'that names a method too long for it',
    { Cors: { AllowMethods: ['OPTIONS'] } },
    "1 validation error detected: Value '[OPTIONS]' at 'cors.allowMethods' failed to satisfy constraint",
  ],
  ['that streams', { InvokeMode: 'RESPONSE_STREAM' }, 'function URLs that stream their answers'],
])('a URL %s is refused', async (_what, settings, message) => {
  await expect(aws.urlOf('managed', settings)).rejects.toThrow(message);
});
