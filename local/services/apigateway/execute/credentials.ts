/** In whose name an integration is called. */
import { notModelled } from '../../../errors.ts';
import { servicePrincipal, type Principal } from '../../../principal.ts';
import type { Invocation, Target } from './invocation.ts';

/** The gateway itself, on behalf of the method; or the role that the integration names. */
export function credentialsFor({ world, apiId, stage }: Invocation, { method, resource }: Target): Principal {
  const { credentials } = method.methodIntegration!;
  if (credentials?.includes(':user/*')) throw notModelled("integrations with the caller's own credentials");
  if (credentials) return world.service('iam').roleSession(credentials, 'BackplaneAssumeRoleSession');
  const arn = `arn:aws:execute-api:${world.region}:${world.account}:${apiId}/${stage.stageName}/${method.httpMethod}${resource.path}`;
  return servicePrincipal(world.account, 'apigateway.amazonaws.com', arn);
}
