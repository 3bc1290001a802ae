import * as IAM from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { startKept, type Kept } from './killed.ts';

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
});

test('groups with their policies and members, and permissions boundaries are kept', async () => {
  const aws = await startKept();
  const iam = aws.client(IAM.IAMClient);
  const { Policy } = await iam.send(
    new IAM.CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: policy }),
  );
  const PermissionsBoundary = Policy!.Arn!;
  await iam.send(new IAM.CreateUserCommand({ UserName: 'ann', PermissionsBoundary }));
  await iam.send(new IAM.CreateGroupCommand({ GroupName: 'team' }));
  await iam.send(
    new IAM.PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'own', PolicyDocument: policy }),
  );
  await iam.send(new IAM.AddUserToGroupCommand({ GroupName: 'team', UserName: 'ann' }));
  const granted = (to: Kept) => {
    const { policiesOf, boundaryOf } = to.world.service('iam');
    const ann = 'arn:aws:iam::000000000000:user/ann';
    return [policiesOf(ann), boundaryOf(ann)];
  };
  expect(granted(await aws.killed())).toEqual([[policy], policy]);
});
