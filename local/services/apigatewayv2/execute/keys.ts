/** The public keys of issuers, each kept for two hours. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { exchanging } from '../../../wire/outgoing.ts';
import type { World } from '../../../world.ts';
import { fetched, keysAddress, LONGEST_MS } from './discovery.ts';
import { InvalidToken } from './token.ts';

/** The RSA key of that id. Throws InvalidToken when the issuer does not answer. @default the issuer has none */
export type KeyOf = (issuer: string, id: string) => Promise<KeyObject | undefined>;

type Keys = Map<string, KeyObject>;

const KEPT_MS = 2 * 3_600_000;

export function keysOf(world: World): KeyOf {
  const exchange = exchanging(world, LONGEST_MS);
  const known = new Map<string, { keys: Keys; until: number }>();

  const published = async (issuer: string): Promise<Keys> => {
    const address = await keysAddress(exchange, issuer);
    if (address === undefined) throw new InvalidToken('OIDC discovery endpoint communication error');
    try {
      const { keys } = (await fetched(exchange, address)) as { keys: (JsonWebKey & { kid?: string })[] };
      const usable = keys.filter(({ kid, kty }) => kid !== undefined && kty === 'RSA');
      return new Map(usable.map((key) => [key.kid!, createPublicKey({ key, format: 'jwk' })]));
    } catch {
      throw new InvalidToken('JWKS communication error');
    }
  };

  return async (issuer, id) => {
    const kept = known.get(issuer);
    if (kept && kept.until > world.clock.now()) return kept.keys.get(id);
    const keys = await published(issuer);
    known.set(issuer, { keys, until: world.clock.now() + KEPT_MS });
    return keys.get(id);
  };
}
