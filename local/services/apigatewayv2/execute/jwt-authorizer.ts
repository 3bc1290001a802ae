/** JWT authorizers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
import type { WireAnswer } from '../../../wire/message.ts';
import type { World } from '../../../world.ts';
import type { Authorizer } from '../api.ts';
import { said } from './answer.ts';
import { selected, type Invocation, type Target } from './invocation.ts';
import { keysOf } from './keys.ts';
import { claimsOf, InvalidToken, type Claims } from './token.ts';

export function jwtAuthorizing(world: World) {
  const keyOf = keysOf(world);
  return async (
    invocation: Invocation,
    { route: { AuthorizationScopes: wanted = [] } }: Target,
    { IdentitySource: [source = ''] = [], JwtConfiguration = {} }: Authorizer,
  ): Promise<WireAnswer | undefined> => {
    const token = selected(invocation, source)?.replace(/^Bearer /i, '');
    if (token === undefined) return unauthorized(invocation, 'Bearer', 'missing: token not provided');
    const scheme = `Bearer scope="${wanted.join(' ')}"`;
    try {
      const claims = await claimsOf(token, JwtConfiguration, keyOf, world.clock.now());
      const scopes = scopesOf(claims);
      if (wanted.length > 0 && !wanted.some((scope) => scopes.includes(scope)))
        return said(403, 'Forbidden', { 'www-authenticate': `${scheme} error="insufficient_scope"` });
      const jwt = { claims: asTexts(claims), scopes: wanted.length > 0 ? scopes : null };
      invocation.authorizer = { jwt };
      invocation.context['authorizer'] = jwt;
      return undefined;
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error;
      const challenge = `${scheme} error="invalid_token" error_description="${error.message}"`;
      return unauthorized(invocation, challenge, `invalid_token: ${error.message}`);
    }
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html */
function unauthorized({ context }: Invocation, challenge: string, error: string): WireAnswer {
  context['authorizer'] = { error };
  return said(401, 'Unauthorized', { 'www-authenticate': challenge });
}

/** `scp` may be a list. */
function scopesOf({ scp, scope }: Claims): string[] {
  const given = scp ?? scope ?? [];
  return typeof given === 'string' ? given.split(' ') : [given].flat().map(String);
}

/**
 * Claims as functions get them: texts, lists in brackets. Recorded against AWS, as are scopes that are null where a
 * route asks for none: https://github.com/floci-io/floci/pull/2011
 */
const asTexts = (claims: Claims): Record<string, string> =>
  Object.fromEntries(
    Object.entries(claims)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, asText(value)]),
  );

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
