import type { Credentials } from '../../hosts/host.ts';
import type { RoleSession } from '../../principal.ts';
import type { World } from '../../world.ts';

/** Who a function is: its role, in a session that bears its name. */
export const sessionOf = (world: World, role: string, name: string): RoleSession =>
  iam(world)?.roleSession(role, name) ?? assumed(world, role, name);

/** What a function signs with. */
export const credentialsOf = (world: World, role: string, name: string): Credentials =>
  sts(world)?.credentials(role, name) ?? {
    AccessKeyId: 'test',
    SecretAccessKey: 'test',
    SessionToken: '',
    Expiration: new Date(world.clock.now() + 12 * 3_600_000),
  };

const assumed = (world: World, roleArn: string, name: string): RoleSession => ({
  kind: 'role',
  account: world.account,
  arn: `arn:aws:sts::${world.account}:assumed-role/${roleArn.split('/').at(-1)}/${name}`,
  userId: `AROA0000000000000000:${name}`,
  roleArn,
});

interface Iam {
  roleSession(roleArn: string, sessionName: string): RoleSession;
}
interface Sts {
  credentials(roleArn: string, sessionName: string): Credentials;
}
const iam = (world: World) => world.service('iam' as never) as unknown as Iam | undefined;
const sts = (world: World) => world.service('sts' as never) as unknown as Sts | undefined;
