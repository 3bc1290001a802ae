import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An issuer of tokens on this machine, with its discovery document and its keys. */
export async function newIssuer() {
  const keys = [newKey('one')];
  const documents: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({ issuer: it.url, jwks_uri: `${it.url}/keys` }),
    '/keys': () => ({
      keys: keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid })),
    }),
  };
  const it = {
    url: '',
    /** Paths that were asked for. */
    asked: [] as string[],
    /** What there is no answer to. */
    silent: new Set<string>(),
    /** Signs with a new key from now on, and no longer publishes the old one. */
    rotate: () => void keys.splice(0, 1, newKey(`after ${keys[0]!.kid}`)),
    token: (claims: object, header: object = {}): string => signed(claims, header, keys[0]!),
    close: () => server.close(),
  };
  const server = createServer(({ url = '' }, response) => {
    it.asked.push(url);
    const document = it.silent.has(url) ? undefined : documents[url];
    response.writeHead(document ? 200 : 404).end(JSON.stringify(document?.()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  it.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return it;
}

export type Issuer = Awaited<ReturnType<typeof newIssuer>>;

interface Key {
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const newKey = (kid: string): Key => ({ kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) });

function signed(claims: object, header: object, { kid, privateKey }: Key): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encoded({ alg: 'RS256', kid, ...header })}.${encoded(claims)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`;
}
