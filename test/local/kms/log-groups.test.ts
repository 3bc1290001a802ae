import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stacksOf, template } from '../cloudformation/stacks-of.ts';
import { ACCOUNT, keyed, policy } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
let logs: Logs.CloudWatchLogsClient;
beforeAll(async () => {
  aws = await keyed();
  logs = aws.client(Logs.CloudWatchLogsClient);
});
afterAll(() => aws.stop());

/** As the guide of CloudWatch Logs has it. */
const FOR_LOGS = policy({
  Effect: 'Allow',
  Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
  Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
  Resource: '*',
  Condition: {
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:app*` },
  },
});
const create = (logGroupName: string, kmsKeyId?: string) =>
  logs.send(new Logs.CreateLogGroupCommand({ logGroupName, kmsKeyId }));
const keyOf = async (logGroupNamePrefix: string) => {
  const { logGroups } = await logs.send(new Logs.DescribeLogGroupsCommand({ logGroupNamePrefix }));
  return logGroups![0]?.kmsKeyId;
};

test('a log group takes a key that lets CloudWatch Logs in for it', async () => {
  const { Arn } = await aws.key({ Policy: FOR_LOGS });
  await create('app', Arn);
  expect(await keyOf('app')).toBe(Arn);
  await logs.send(new Logs.DisassociateKmsKeyCommand({ logGroupName: 'app' }));
  expect(await keyOf('app')).toBeUndefined();
});

test('and no other', async () => {
  const { Arn } = await aws.key({ Policy: FOR_LOGS });
  const closed = await aws.key();
  await create('app-2');
  const refused = (name: string) => ({
    name: 'AccessDeniedException',
    message: `The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${name}'`,
  });
  await expect(create('other', Arn)).rejects.toMatchObject(refused('other'));
  await expect(create('app-3', closed.Arn)).rejects.toMatchObject(refused('app-3'));
  await expect(
    logs.send(new Logs.AssociateKmsKeyCommand({ logGroupName: 'app-2', kmsKeyId: closed.Arn })),
  ).rejects.toMatchObject(refused('app-2'));
});

test('a stack gives its log group a key, and takes it away', async () => {
  const stacks = stacksOf(aws);
  const { Arn } = await aws.key({ Policy: FOR_LOGS });
  const given = (more: object) => ({
    StackName: 's',
    TemplateBody: template({
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'app-stack', ...more } },
    }),
  });
  await stacks.after(new CloudFormation.CreateStackCommand(given({ RetentionInDays: 7 })));
  await stacks.after(new CloudFormation.UpdateStackCommand(given({ KmsKeyId: Arn })));
  expect(await keyOf('app-stack')).toBe(Arn);
  await stacks.after(new CloudFormation.UpdateStackCommand(given({})));
  expect(await keyOf('app-stack')).toBeUndefined();
});
