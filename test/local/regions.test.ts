import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../local/index.ts';

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

test('what no region is called is refused in the words of AWS', async () => {
  aws = await startLocal({ region: 'eu-west-1' });
  const nowhere = aws.client(SQSClient, { region: 'atlantis' });
  await expect(nowhere.send(new ListQueuesCommand({}))).rejects.toThrow(
    "Credential should be scoped to a valid region, not 'atlantis'.",
  );
});
