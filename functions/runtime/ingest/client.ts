import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '../problem.ts';

type Context = APIGatewayProxyEvent['requestContext'];

/** What is needed of the context of a request. */
interface Asking {
  accountId: Context['accountId'];
  identity: Pick<Context['identity'], 'apiKeyId' | 'userArn'>;
}

/**
 * Who asks, in a form that stays the same from request to request: the name of the client that an API key belongs to, or
 * account and role or user of a signature. Idempotency keys of different clients have nothing to do with each other.
 * API Gateway has authenticated; where it does not enforce IAM (LocalStack), everybody is the API's own account.
 * Throws UNAUTHENTICATED for a key of nobody.
 */
export function clientOf(
  { accountId, identity: { apiKeyId, userArn } }: Asking,
  clients: Readonly<Record<string, string>>,
): string {
  if (Object.keys(clients).length > 0) {
    const name = apiKeyId ? clients[apiKeyId] : undefined;
    if (name === undefined) throw new Problem('UNAUTHENTICATED', 'the API key is of no client');
    return name;
  }
  const [, , , , account = accountId, resource = 'nobody'] = userArn?.split(':') ?? [];
  return `${account}:${resource.replace(SESSION, '$1')}`;
}

/** Every instance of a service has a session name of its own. */
const SESSION = /^(assumed-role\/[^/]+)\/.*$/;
