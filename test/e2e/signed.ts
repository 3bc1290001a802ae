import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export const ADMINISTRATOR: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** A request as it stands, and what was answered. */
export async function ask(url: string, { method = 'POST', headers, body }: Sent = {}) {
  const answer = await fetch(url, { method, headers, body });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    headers: answer.headers,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

/**
 * A request signed for API Gateway at `now`, by Signature Version 4; with null for credentials, one that is not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function askSigned(
  url: string,
  { method = 'POST', headers = {}, body = '' }: Sent,
  now: number,
  credentials: Credentials | null = ADMINISTRATOR,
) {
  if (!credentials) return ask(url, { method, headers, body });
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { host, pathname } = new URL(url);
  const at = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${at.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
  const signed: Record<string, string> = {
    host,
    'x-amz-date': at,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(signed).toSorted().join(';');
  const lines = Object.entries(signed)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const path = pathname.split('/').map(encodeURIComponent).join('/');
  const request = [method, path, '', lines.join(''), names, hash(body)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', at, scope, hash(request)].join('\n')).toString('hex');
  const { host: _host, ...sent } = signed;
  const Authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return ask(url, { method, headers: { ...headers, ...sent, Authorization }, ...(body && { body }) });
}

const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
