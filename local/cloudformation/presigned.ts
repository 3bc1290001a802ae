import { createHash, createHmac } from 'node:crypto';
import type { World } from '../world.ts';

/** A URL by which whoever has it may PUT one object, for two hours. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function presignedPut(bucket: string, key: string, { region, clock, endpoint }: World): string {
  const url = new URL(`/${bucket}/${encode(key)}`, endpoint());
  const stamp = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/s3/aws4_request`;
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${KEYS.id}/${scope}`,
    'X-Amz-Date': stamp,
    'X-Amz-Expires': '7200',
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
  const canonical = ['PUT', url.pathname, query, `host:${url.host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join(
    '\n',
  );
  const text = ['AWS4-HMAC-SHA256', stamp, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      `AWS4${KEYS.secret}`,
    );
  return `${url.href}?${query}&X-Amz-Signature=${createHmac('sha256', signingKey).update(text).digest('hex')}`;
}

/** The administrator's. */
const KEYS = { id: 'test', secret: 'test' };

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
