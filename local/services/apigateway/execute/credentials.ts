/** In whose name an integration is called. */
import { AwsError, notModelled } from '../../../errors.ts';
import { servicePrincipal, type Principal } from '../../../principal.ts';
import type { World } from '../../../world.ts';
import type { Invocation, Target } from './invocation.ts';
import { internalError } from './refused.ts';

export interface Asker {
  world: World;
  /** `API/STAGE/METHOD/path` of the method or route. */
  place: string;
  /** The role that the integration names. @default the gateway asks */
  role: string | undefined;
}

export const askerOf = ({ world, apiId, stage }: Invocation, { method, resource }: Target): Asker => ({
  world,
  place: `${apiId}/${stage.stageName}/${method.httpMethod}${resource.path}`,
  role: method.methodIntegration!.credentials,
});

/** The gateway itself, on behalf of the method; or the role that the integration names, if it trusts the gateway. */
export async function credentialsFor({ world, place, role }: Asker): Promise<Principal> {
  const source = `arn:aws:execute-api:${world.region}:${world.account}:${place}`;
  const gateway = servicePrincipal(world.account, 'apigateway.amazonaws.com', source);
  if (!role) return gateway;
  if (role.includes(':user/')) throw notModelled("integrations with the caller's own credentials");
  const session = { RoleArn: role, RoleSessionName: 'BackplaneAssumeRoleSession' };
  try {
    await world.call(gateway, 'sts', 'AssumeRole', session);
  } catch (error) {
    if (error instanceof AwsError) throw internalError('API_CONFIGURATION_ERROR', 500);
    throw error;
  }
  return world.service('iam').roleSession(session.RoleArn, session.RoleSessionName);
}
