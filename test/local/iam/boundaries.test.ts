import * as IAM from '@aws-sdk/client-iam';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { withRole } from './role.ts';

let aws: Local;
let iam: IAM.IAMClient;
let PermissionsBoundary: string;
beforeAll(async () => {
  aws = await startLocal();
  iam = aws.client(IAM.IAMClient);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  });
  const { Policy } = await iam.send(new IAM.CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument }));
  PermissionsBoundary = Policy!.Arn!;
});
afterAll(() => aws.stop());

const parameter = new GetParameterCommand({ Name: 'p' });

test('a role may do what its policies and its boundary both allow, and is told what is missing', async () => {
  const RoleArn = await withRole(aws, {
    trust: { AWS: '000000000000' },
    statements: [{ Effect: 'Allow', Action: ['ssm:*', 'sqs:*'], Resource: '*' }],
  });
  await iam.send(new IAM.PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary }));
  const { Role } = await iam.send(new IAM.GetRoleCommand({ RoleName: 'worker' }));
  expect(Role!.PermissionsBoundary).toEqual({
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: PermissionsBoundary,
  });
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  await aws.client(SQSClient, { credentials }).send(new ListQueuesCommand({}));
  const ssm = aws.client(SSMClient, { credentials });
  await expect(ssm.send(parameter)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:sts::000000000000:assumed-role/worker/me is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:000000000000:parameter/p because no permissions boundary allows the ssm:GetParameter action',
  });
  await iam.send(new IAM.DeleteRolePermissionsBoundaryCommand({ RoleName: 'worker' }));
  await expect(ssm.send(parameter)).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('the policy is counted as a boundary, and stays while it is one', async () => {
  await iam.send(new IAM.CreateUserCommand({ UserName: 'ann', PermissionsBoundary }));
  const { Policy } = await iam.send(new IAM.GetPolicyCommand({ PolicyArn: PermissionsBoundary }));
  expect(Policy).toMatchObject({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 });
  const users = async (PolicyUsageFilter: IAM.PolicyUsageType) =>
    (
      await iam.send(
        new IAM.ListEntitiesForPolicyCommand({ PolicyArn: PermissionsBoundary, PolicyUsageFilter }),
      )
    ).PolicyUsers!.map(({ UserName }) => UserName);
  expect(await users('PermissionsBoundary')).toEqual(['ann']);
  expect(await users('PermissionsPolicy')).toEqual([]);
  await expect(
    iam.send(new IAM.DeletePolicyCommand({ PolicyArn: PermissionsBoundary })),
  ).rejects.toMatchObject({ name: 'DeleteConflictException' });
});

test('a boundary that is no policy is refused', async () => {
  await expect(
    iam.send(
      new IAM.CreateUserCommand({
        UserName: 'bob',
        PermissionsBoundary: 'arn:aws:iam::000000000000:policy/none',
      }),
    ),
  ).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'Scope ARN: arn:aws:iam::000000000000:policy/none does not exist or is not attachable.',
  });
});
