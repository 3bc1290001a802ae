import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Local } from '../../../local/index.ts';
import { withRole } from '../iam/role.ts';
import type { Sent } from './api.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export const OWNER: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

interface Signer {
  sign(request: object, options: { signingDate: Date }): Promise<{ headers: Record<string, string> }>;
}

/** The headers of a GET that the SDK's own signer has signed. */
export async function signed(
  aws: Local,
  path: string,
  credentials: Credentials,
  { service = 'execute-api', at = aws.world.clock.now(), host = '127.0.0.1:4566' } = {},
): Promise<Sent> {
  const { config } = aws.client(STSClient, { credentials }) as unknown as {
    config: { signer(scheme: object): Promise<Signer> };
  };
  const signer = await config.signer({ name: 'sigv4', signingName: service, signingRegion: 'eu-west-1' });
  const { headers } = await signer.sign(
    { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', path, headers: { host } },
    { signingDate: new Date(at) },
  );
  return { headers };
}

/** Temporary credentials of a role that may do what `statements` say. */
export async function sessionOf(aws: Local, statements: object[], name = 'client'): Promise<Credentials> {
  const RoleArn = await withRole(aws, { name, trust: { AWS: '*' }, statements });
  const { Credentials: given } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'caller' }));
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  };
}
