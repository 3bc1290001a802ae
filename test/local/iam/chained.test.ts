import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { withRole } from './role.ts';

test('a role that takes on another has it for an hour at most', async () => {
  const aws = await startLocal();
  const RoleArn = await withRole(aws, {
    trust: { AWS: '000000000000' },
    statements: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
  });
  const assumed = { RoleArn, RoleSessionName: 'me', DurationSeconds: 3600 };
  const { Credentials } = await aws.client(STSClient).send(new AssumeRoleCommand(assumed));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const chained = aws.client(STSClient, { credentials });
  await expect(
    chained.send(new AssumeRoleCommand({ ...assumed, DurationSeconds: 3601 })),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message:
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  });
  await aws.stop();
});
