import type { Credentials } from '../../hosts/host.ts';
import type { RoleSession } from '../../principal.ts';
import type { World } from '../../world.ts';

/** Who a function is: its role, in a session that bears its name. */
export const sessionOf = (world: World, role: string, name: string): RoleSession =>
  world.service('iam').roleSession(role, name);

/** What a function signs with. */
export const credentialsOf = (world: World, role: string, name: string): Credentials =>
  world.service('sts').credentials(role, name);
