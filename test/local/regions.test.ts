import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CreateFunctionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../local/index.ts';
import { send } from './apigateway/api.ts';
import { zip } from './lambda/fixture.ts';

let aws: Local;
afterEach(() => aws.stop());

test('a call signed for another region reaches that region, which shares the account and the clock but no resources', async () => {
  aws = await startLocal({ region: 'eu-west-1' });
  const home = aws.client(SQSClient);
  const abroad = aws.client(SQSClient, { region: 'us-east-1' });
  await home.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  expect(await abroad.send(new ListQueuesCommand({}))).not.toHaveProperty('QueueUrls');
  await abroad.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '7' } }));
  expect((await home.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
});

test.each(['us-east-1', 'ap-southeast-2'])(
  'who calls is known in %s as well, as cdk bootstrap of another region asks first',
  async (region) => {
    aws = await startLocal({ region: 'eu-west-1' });
    const { Account } = await aws.client(STSClient, { region }).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe('000000000000');
  },
);

test('a function URL of another region is known by its host', async () => {
  aws = await startLocal({ region: 'eu-west-1', policies: 'off' });
  const lambda = aws.client(LambdaClient, { region: 'us-east-1' });
  const FunctionName = 'abroad';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/function',
      Code: { ZipFile: zip({ 'index.js': 'exports.handler = async () => process.env.AWS_REGION;' }) },
    }),
  );
  const { FunctionUrl } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
  );
  const { host } = new URL(FunctionUrl!);
  expect(await send(aws, '/', { headers: { Host: host } })).toMatchObject({ status: 200, text: 'us-east-1' });
});

test('what no region is called is refused in the words of AWS', async () => {
  aws = await startLocal({ region: 'eu-west-1' });
  const nowhere = aws.client(SQSClient, { region: 'atlantis' });
  await expect(nowhere.send(new ListQueuesCommand({}))).rejects.toThrow(
    "Credential should be scoped to a valid region, not 'atlantis'.",
  );
});
