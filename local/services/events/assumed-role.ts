import { AwsError } from '../../errors.ts';
import { servicePrincipal, type Principal } from '../../principal.ts';
import type { World } from '../../world.ts';

/** Whom a service acts as when it has taken on a role for a resource. Throws FailedToAssumeRole. */
export type Assume = (roleArn: string, sourceArn: string) => Promise<Principal>;

/** Sessions of the roles that customers give to `service` (`events.amazonaws.com`); one serves for an hour. */
export function assumingRoles(world: World, service: string, RoleSessionName: string): Assume {
  const sessions = new Map<string, { principal: Principal; until: number }>();
  return async (roleArn, sourceArn) => {
    const key = `${roleArn} ${sourceArn}`;
    const known = sessions.get(key);
    if (known && known.until > world.clock.now()) return known.principal;
    try {
      await world.call(servicePrincipal(world.account, service, sourceArn), 'sts', 'AssumeRole', {
        RoleArn: roleArn,
        RoleSessionName,
      });
    } catch (error) {
      throw new AwsError('FailedToAssumeRole', (error as Error).message);
    }
    const principal = world.service('iam').roleSession(roleArn, RoleSessionName);
    sessions.set(key, { principal, until: world.clock.now() + 3_600_000 });
    return principal;
  };
}
