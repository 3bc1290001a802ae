import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Local } from '../../../local/index.ts';

/** A role that `trust` may take on, with one inline policy of `statements`. Returns its ARN. */
export async function withRole(
  aws: Local,
  {
    name = 'worker',
    trust = { Service: 'lambda.amazonaws.com' },
    statements = [],
  }: { name?: string; trust?: object | string; statements?: object[] } = {},
): Promise<string> {
  const iam = aws.client(IAMClient);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: trust, Action: 'sts:AssumeRole' }],
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if (statements.length > 0)
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument }));
  return Role!.Arn!;
}
