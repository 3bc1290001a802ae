import * as IAM from '@aws-sdk/client-iam';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let iam: IAM.IAMClient;
const sending = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
});

beforeAll(async () => {
  aws = await startLocal();
  iam = aws.client(IAM.IAMClient);
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'orders' }));
});
afterAll(() => aws.stop());

const join = (UserName: string, GroupName: string) =>
  iam.send(new IAM.AddUserToGroupCommand({ UserName, GroupName }));

test('a user may do what his groups may, as long as he is in them', async () => {
  await iam.send(new IAM.CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'ann' }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/orders';
  const send = () =>
    aws.client(SQSClient, { credentials }).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const { Group } = await iam.send(new IAM.CreateGroupCommand({ GroupName: 'senders', Path: '/team/' }));
  expect(Group).toMatchObject({
    Arn: 'arn:aws:iam::000000000000:group/team/senders',
    GroupId: expect.stringMatching(/^AGPA[A-Z0-9]{17}$/),
  });
  const { Policy } = await iam.send(
    new IAM.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: sending }),
  );
  const PolicyArn = Policy!.Arn!;

  await join('ann', 'senders');
  await expect(send()).rejects.toMatchObject({ name: 'AccessDenied' });
  const own = { GroupName: 'senders', PolicyName: 'send' };
  await iam.send(new IAM.PutGroupPolicyCommand({ ...own, PolicyDocument: sending }));
  await send();
  await iam.send(new IAM.DeleteGroupPolicyCommand(own));
  await expect(send()).rejects.toMatchObject({ name: 'AccessDenied' });
  await iam.send(new IAM.AttachGroupPolicyCommand({ GroupName: 'senders', PolicyArn }));
  await send();
  const { PolicyGroups } = await iam.send(new IAM.ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(PolicyGroups).toEqual([{ GroupName: 'senders', GroupId: Group!.GroupId }]);
  await iam.send(new IAM.RemoveUserFromGroupCommand({ GroupName: 'senders', UserName: 'ann' }));
  await expect(send()).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a group tells its users and a user his groups, and neither goes before they are apart', async () => {
  await iam.send(new IAM.CreateGroupCommand({ GroupName: 'g' }));
  await iam.send(new IAM.CreateUserCommand({ UserName: 'bob' }));
  await join('bob', 'g');
  const { Users } = await iam.send(new IAM.GetGroupCommand({ GroupName: 'g' }));
  expect(Users!.map(({ UserName }) => UserName)).toEqual(['bob']);
  const { Groups } = await iam.send(new IAM.ListGroupsForUserCommand({ UserName: 'bob' }));
  expect(Groups!.map(({ GroupName }) => GroupName)).toEqual(['g']);
  const conflict = {
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must remove users from group first.',
  };
  await expect(iam.send(new IAM.DeleteGroupCommand({ GroupName: 'g' }))).rejects.toMatchObject(conflict);
  await expect(iam.send(new IAM.DeleteUserCommand({ UserName: 'bob' }))).rejects.toMatchObject(conflict);
  await iam.send(new IAM.RemoveUserFromGroupCommand({ GroupName: 'g', UserName: 'bob' }));
  await iam.send(new IAM.DeleteUserCommand({ UserName: 'bob' }));
  await iam.send(new IAM.DeleteGroupCommand({ GroupName: 'g' }));
  await expect(iam.send(new IAM.GetGroupCommand({ GroupName: 'g' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The group with name g cannot be found.',
  });
});

test('a user is in ten groups at most', async () => {
  await iam.send(new IAM.CreateUserCommand({ UserName: 'eve' }));
  for (let i = 0; i <= 10; i++) await iam.send(new IAM.CreateGroupCommand({ GroupName: `g${i}` }));
  for (let i = 0; i < 10; i++) await join('eve', `g${i}`);
  await expect(join('eve', 'g10')).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for GroupsPerUser: 10',
  });
  await expect(iam.send(new IAM.CreateGroupCommand({ GroupName: 'g1' }))).rejects.toMatchObject({
    message: 'Group with name g1 already exists.',
  });
});
