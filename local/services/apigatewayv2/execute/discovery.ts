/** How an issuer of tokens says where its keys are. https://openid.net/specs/openid-connect-discovery-1_0.html */
import { NoAnswer, type Exchange } from '../../../wire/outgoing.ts';

/** How long an issuer has to answer. AWS waits for 1.5 s; a busy machine may need more. */
export const LONGEST_MS = 5000;

/** Of an issuer, which may end with a slash. */
export const discoveryUrl = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/** The address of an issuer's keys. @default it gives none */
export async function keysAddress(exchange: Exchange, issuer: string): Promise<string | undefined> {
  const document = (await fetched(exchange, discoveryUrl(issuer))) as { jwks_uri?: unknown } | undefined;
  return typeof document?.jwks_uri === 'string' ? document.jwks_uri : undefined;
}

/** What is published at an address, of JSON. @default nothing that can be read */
export async function fetched(exchange: Exchange, address: string): Promise<unknown> {
  try {
    const headers = { accept: 'application/json' };
    const { status, body } = await exchange({ method: 'GET', url: new URL(address), headers, body: '' });
    return status === 200 ? (JSON.parse(body) as unknown) : undefined;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof SyntaxError || error instanceof TypeError)
      return undefined;
    throw error;
  }
}
