/** JSON Web Tokens, checked. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
import { verify } from 'node:crypto';
import type { JWTConfiguration } from '@aws-sdk/client-apigatewayv2';
import type { KeyOf } from './keys.ts';

export type Claims = Record<string, unknown>;

/** Its message is what clients are told. */
export class InvalidToken extends Error {}

/**
 * The claims of a token that is good at `now`. Throws InvalidToken. Recorded against AWS are the texts on segments,
 * issuer and audience.
 */
export async function claimsOf(
  token: string,
  { Issuer = '', Audience = [] }: JWTConfiguration,
  keyOf: KeyOf,
  now: number,
): Promise<Claims> {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (signature === '' || more.length > 0)
    throw new InvalidToken('token contains an invalid number of segments');
  await checkSignature({ header, payload, signature }, (id) => keyOf(Issuer, id));
  const claims = parsed(payload);
  if (claims['iss'] !== Issuer) throw new InvalidToken('issuer does not match');
  // Whom it is for: only a token that does not say so is taken by its client.
  const audience = [claims['aud'] ?? claims['client_id']].flat();
  if (!audience.some((one) => Audience.includes(one as string)))
    throw new InvalidToken('the token does not have a valid audience');
  checkTimes(claims, now / 1000);
  return claims;
}

/** RSA's alone are supported. */
const ALGORITHMS = new Map<unknown, string>([
  ['RS256', 'RSA-SHA256'],
  ['RS384', 'RSA-SHA384'],
  ['RS512', 'RSA-SHA512'],
]);

async function checkSignature(
  { header, payload, signature }: Record<'header' | 'payload' | 'signature', string>,
  keyOf: (id: string) => ReturnType<KeyOf>,
): Promise<void> {
  const { alg, kid } = parsed(header);
  const algorithm = ALGORITHMS.get(alg);
  if (algorithm === undefined) throw new InvalidToken('the signing method is not supported');
  const key = await keyOf(String(kid));
  if (!key) throw new InvalidToken('the issuer has no key of the id that the token names');
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify(algorithm, signed, key, Buffer.from(signature, 'base64url')))
    throw new InvalidToken('signature is invalid');
}

function checkTimes({ exp, nbf, iat }: Claims, seconds: number): void {
  if (typeof exp !== 'number' || exp <= seconds) throw new InvalidToken('the token has expired');
  if (nbf !== undefined && Number(nbf) > seconds) throw new InvalidToken('the token is not valid yet');
  if (iat !== undefined && Number(iat) > seconds)
    throw new InvalidToken('the token was issued in the future');
}

function parsed(segment: string): Claims {
  try {
    const value = JSON.parse(Buffer.from(segment, 'base64url').toString()) as unknown;
    if (typeof value === 'object' && value !== null) return value as Claims;
  } catch {
    // said below
  }
  throw new InvalidToken('token is malformed');
}
