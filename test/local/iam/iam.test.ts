import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const sending = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
});

async function withRole(name = 'worker') {
  const aws = await startLocal();
  const iam = aws.client(IAMClient);
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, Path: '/app/', AssumeRolePolicyDocument: trust }),
  );
  return { aws, iam, role: Role! };
}

test('a role has an ARN with its path, an id, and its trust policy URL-encoded', async () => {
  const { iam, role } = await withRole();
  expect(role).toMatchObject({
    Arn: 'arn:aws:iam::000000000000:role/app/worker',
    RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
    CreateDate: new Date('2030-01-01T00:00:00Z'),
    MaxSessionDuration: 3600,
  });
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }));
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust);
});

test('a role is deleted only when it has no policies any more', async () => {
  const { iam } = await withRole();
  const arn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: arn }));
  await expect(iam.send(new DeleteRoleCommand({ RoleName: 'worker' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must detach all policies first.',
    $metadata: { httpStatusCode: 409 },
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn: arn }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
  await expect(iam.send(new GetRoleCommand({ RoleName: 'worker' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name worker cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('what a role may do is its inline policies and the default versions of those attached', async () => {
  const { aws, iam, role } = await withRole();
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'send', PolicyDocument: sending }),
  );
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: sending }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: Policy!.Arn! }));
  const second = sending.replace('SendMessage', 'ReceiveMessage');
  await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn: Policy!.Arn!, PolicyDocument: second, SetAsDefault: true }),
  );
  expect(aws.world.service('iam').policiesOf(role.Arn!)).toEqual([sending, second]);
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'send' }),
  );
  expect(decodeURIComponent(PolicyDocument!)).toBe(sending);
  const { Policy: counted } = await iam.send(new GetPolicyCommand({ PolicyArn: Policy!.Arn! }));
  expect(counted).toMatchObject({ AttachmentCount: 1, DefaultVersionId: 'v2' });
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn: Policy!.Arn! }))).rejects.toMatchObject({
    message: 'Cannot delete a policy attached to entities.',
  });
});

test('the managed policies that CDK names are there, and can be read and not changed', async () => {
  const { iam } = await withRole();
  const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!))).toMatchObject({
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn: arn }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(
    iam.send(
      new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: 'arn:aws:iam::aws:policy/NoSuch' }),
    ),
  ).rejects.toMatchObject({
    message: 'Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.',
  });
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: arn }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'worker' }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'AdministratorAccess', PolicyArn: arn }]);
});

test.each([
  ['{', 'This policy contains invalid Json'],
  [
    '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}',
    'Syntax errors in policy.',
  ],
  [
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}',
    'Policy statement must contain actions.',
  ],
  [
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}',
    'Policy statement must contain resources.',
  ],
  [
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}',
    'Policy document should not specify a principal.',
  ],
])('a malformed policy is refused: %s', async (PolicyDocument, message) => {
  const { iam } = await withRole();
  await expect(
    iam.send(new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument })),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
});

test('a taken name is refused', async () => {
  const { iam } = await withRole();
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust })),
  ).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name worker already exists.',
  });
});

test('long lists come in pages', async () => {
  const { iam } = await withRole('r0');
  for (let i = 1; i < 5; i++)
    await iam.send(new CreateRoleCommand({ RoleName: `r${i}`, AssumeRolePolicyDocument: trust }));
  const first = await iam.send(new ListRolesCommand({ MaxItems: 3 }));
  const second = await iam.send(new ListRolesCommand({ MaxItems: 3, Marker: first.Marker! }));
  expect(first.IsTruncated).toBe(true);
  expect([...first.Roles!, ...second.Roles!].map(({ RoleName }) => RoleName)).toEqual([
    'r0',
    'r1',
    'r2',
    'r3',
    'r4',
  ]);
  expect(second.IsTruncated).toBe(false);
});

test('a user has at most two access keys', async () => {
  const { iam } = await withRole();
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  const key = () => iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  expect((await key()).AccessKey).toMatchObject({
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z0-9]{16}$/),
    SecretAccessKey: expect.stringMatching(/^.{40}$/),
  });
  await key();
  await expect(key()).rejects.toMatchObject({ message: 'Cannot exceed quota for AccessKeysPerUser: 2' });
});
