import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '../problem.ts';

type Identity = APIGatewayProxyEvent['requestContext']['identity'];

/**
 * Who asks, in a form that stays the same from request to request: the name of the client that an API key belongs to, or
 * account and role or user of a signature. Idempotency keys of different clients have nothing to do with each other.
 * Throws UNAUTHENTICATED.
 */
export function clientOf(
  { apiKeyId, userArn }: Pick<Identity, 'apiKeyId' | 'userArn'>,
  clients: Readonly<Record<string, string>>,
): string {
  const name = apiKeyId ? clients[apiKeyId] : undefined;
  if (name !== undefined) return name;
  const [, , , , account, resource] = userArn?.split(':') ?? [];
  if (!account || !resource) throw new Problem('UNAUTHENTICATED', 'nobody has signed the request');
  return `${account}:${resource.replace(SESSION, '$1')}`;
}

/** Every instance of a service has a session name of its own. */
const SESSION = /^(assumed-role\/[^/]+)\/.*$/;
