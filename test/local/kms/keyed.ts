import { CreateKeyCommand, KMSClient, type CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { startLocal, type Local, type LocalOptions } from '../../../local/index.ts';
import type { Principal } from '../../../local/principal.ts';
import { withRole } from '../iam/role.ts';

export const ACCOUNT = '000000000000';
export const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

/** An embedded AWS with what most tests of keys begin with. */
export async function keyed(options: LocalOptions = {}) {
  const aws = await startLocal(options);
  const kms = aws.client(KMSClient);
  return {
    ...aws,
    kms,
    async key(input: CreateKeyCommandInput = {}) {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
      return KeyMetadata!;
    },
  };
}

/** Everything for the account's owner; further statements for others. */
export const policy = (...statements: object[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: ROOT, Action: 'kms:*', Resource: '*' }, ...statements],
  });

/** What acts as a role with one policy of `statements`. */
export async function session(aws: Local, name: string, ...statements: object[]): Promise<Principal> {
  return aws.world.service('iam').roleSession(await withRole(aws, { name, statements }), 'x');
}
