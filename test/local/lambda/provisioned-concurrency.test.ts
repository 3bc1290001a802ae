import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFunctions, type Functions } from './fixture.ts';

const FunctionName = 'f';

let aws: Functions;
beforeEach(async () => {
  aws = await startFunctions();
  await aws.make('exports.handler = async () => 1;');
  await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
});
afterEach(() => aws.stop());

const put = (Qualifier: string, ProvisionedConcurrentExecutions: number) =>
  aws.lambda.send(
    new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
  );
const get = (Qualifier: string) =>
  aws.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message });

test('what is provisioned for an alias is told, and goes with the alias', async () => {
  expect(await put('live', 3)).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 3,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    LastModified: '2030-01-01T00:00:00+0000',
  });
  const ready = { AllocatedProvisionedConcurrentExecutions: 3, Status: 'READY' };
  expect(await get('live')).toMatchObject(ready);
  const { ProvisionedConcurrencyConfigs } = await aws.lambda.send(
    new ListProvisionedConcurrencyConfigsCommand({ FunctionName }),
  );
  const FunctionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:f:live';
  expect(ProvisionedConcurrencyConfigs).toMatchObject([{ FunctionArn, ...ready }]);
  await aws.lambda.send(new DeleteAliasCommand({ FunctionName, Name: 'live' }));
  await expect(get('live')).rejects.toMatchObject({
    name: 'ProvisionedConcurrencyConfigNotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
});

test('only versions and aliases can be provisioned, and a version once', async () => {
  await expect(put('$LATEST', 1)).rejects.toMatchObject(
    invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.'),
  );
  await put('live', 1);
  await expect(put('1', 1)).rejects.toMatchObject(
    invalid('Version is pointed by a Provisioned Concurrency alias'),
  );
  await aws.lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }));
  await put('1', 1);
  await expect(put('live', 1)).rejects.toMatchObject(
    invalid(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    ),
  );
});

test('no more can be provisioned than the function has reserved, or the account has left', async () => {
  await put('live', 900);
  await expect(put('live', 901)).rejects.toThrow("greater than account's unreserved concurrency [900]");
  await put('live', 5);
  await aws.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 10 }),
  );
  await put('live', 10);
  await expect(put('live', 11)).rejects.toThrow('greater than the reservedConcurrentExecution');
});
