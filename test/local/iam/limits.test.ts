import {
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  type IAMServiceException,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { withRole } from './role.ts';

const document = (Resource: string, Action = 'sqs:SendMessage') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }, null, 2);
const long = (length: number) => document(`arn:aws:sqs:eu-west-1:000000000000:${'x'.repeat(length)}`);

async function refusal(run: (iam: IAMClient) => Promise<unknown>): Promise<IAMServiceException> {
  const aws = await startLocal();
  await withRole(aws);
  const error = await run(aws.client(IAMClient)).then(
    () => undefined,
    (found: IAMServiceException) => found,
  );
  await aws.stop();
  return error!;
}

test.each([
  ['orders', 'sqs:*', 'Resource orders must be in ARN format or "*".'],
  ['*', 'SendMessage', 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
])('a policy for %s and %s is malformed', async (Resource, Action, message) => {
  const PolicyDocument = document(Resource, Action);
  expect(
    await refusal((iam) =>
      iam.send(new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument })),
    ),
  ).toMatchObject({ name: 'MalformedPolicyDocumentException', message });
});

test('the inline policies of a role have 10,240 characters together, white space left out', async () => {
  const put = (iam: IAMClient, PolicyName: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName: 'worker', PolicyName, PolicyDocument: long(5000) }));
  const error = await refusal(async (iam) => {
    await put(iam, 'a');
    await put(iam, 'a');
    await put(iam, 'b');
  });
  expect(error).toMatchObject({
    name: 'LimitExceededException',
    message: 'Maximum policy size of 10240 bytes exceeded for role worker',
    $metadata: { httpStatusCode: 409 },
  });
});

test('a managed policy has 6,144 characters, a trust policy 2,048', async () => {
  const managed = await refusal((iam) =>
    iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: long(6144) })),
  );
  expect(managed.message).toBe('Cannot exceed quota for PolicySize: 6144');
  const Statement = [{ Sid: 'x'.repeat(2048), Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }];
  const trusting = await refusal((iam) =>
    iam.send(
      new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify({ Statement }) }),
    ),
  );
  expect(trusting.message).toBe('Cannot exceed quota for ACLSizePerRole: 2048');
});
