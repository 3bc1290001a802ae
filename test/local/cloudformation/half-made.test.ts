import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { GROUND } from './changeable.ts';
import { queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

const { Role, Function } = GROUND;
const trust = { AssumeRolePolicyDocument: { Statement: [] } };
const nowhere = 'arn:aws:sqs:eu-west-1:000000000000:none';

/** Roles, functions, buckets and log groups that there are. */
async function left(): Promise<unknown[]> {
  const { Roles } = await aws.client(IAMClient).send(new ListRolesCommand({}));
  const { Functions } = await aws.client(LambdaClient).send(new ListFunctionsCommand({}));
  const { Buckets } = await aws.client(S3Client).send(new ListBucketsCommand({}));
  const { logGroups } = await aws.client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
  return [Roles, Functions, Buckets, logGroups].flatMap((some): unknown[] => some ?? []);
}

/** Each with what it leans on; what comes first succeeds, and what follows it fails. */
test.each([
  [
    'a role with a policy that there is not',
    {
      It: {
        Type: 'AWS::IAM::Role',
        Properties: { ...trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/None'] },
      },
    },
  ],
  [
    'a policy of two roles of which one is not there',
    {
      Role,
      It: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'p',
          Roles: [{ Ref: 'Role' }, 'none'],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
          },
        },
      },
    },
  ],
  [
    'a function with more reserved concurrency than there is',
    { Role, It: { ...Function, Properties: { ...Function.Properties, ReservedConcurrentExecutions: 5000 } } },
  ],
  [
    'a bucket that would tell a queue which is not there',
    {
      It: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          NotificationConfiguration: {
            QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: nowhere }],
          },
        },
      },
    },
  ],
  [
    'a log group with days that there are not',
    { It: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 2 } } },
  ],
])('%s goes with its rollback', async (_what, resources) => {
  const { after, happened } = stacksOf(aws);
  const { StackStatus } = await after(
    new CreateStackCommand({
      StackName: 's',
      TemplateBody: template({ ...resources, Other: queue() }),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  expect([StackStatus, (await happened('s')).some((event) => event.startsWith('It CREATE_FAILED'))]).toEqual([
    'ROLLBACK_COMPLETE',
    true,
  ]);
  expect(await left()).toEqual([]);
});
