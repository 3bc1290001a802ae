/** In whose name an integration is called. */
import { AwsError, notModelled } from '../../../errors.ts';
import { servicePrincipal, type Principal } from '../../../principal.ts';
import type { Invocation, Target } from './invocation.ts';
import { internalError } from './refused.ts';

/** The gateway itself, on behalf of the method; or the role that the integration names, if it trusts the gateway. */
export async function credentialsFor(
  invocation: Invocation,
  { method, resource }: Target,
): Promise<Principal> {
  const { world, apiId, stage } = invocation;
  const arn = `arn:aws:execute-api:${world.region}:${world.account}:${apiId}/${stage.stageName}/${method.httpMethod}${resource.path}`;
  const gateway = servicePrincipal(world.account, 'apigateway.amazonaws.com', arn);
  const { credentials } = method.methodIntegration!;
  if (!credentials) return gateway;
  if (credentials.includes(':user/')) throw notModelled("integrations with the caller's own credentials");
  const session = { RoleArn: credentials, RoleSessionName: 'BackplaneAssumeRoleSession' };
  try {
    await world.call(gateway, 'sts', 'AssumeRole', session);
  } catch (error) {
    if (error instanceof AwsError) throw internalError('API_CONFIGURATION_ERROR', 500);
    throw error;
  }
  return world.service('iam').roleSession(session.RoleArn, session.RoleSessionName);
}
