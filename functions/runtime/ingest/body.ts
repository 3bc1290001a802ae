import { Buffer } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from '../problem.ts';
import type { Headers } from './headers.ts';

/** Bytes of a request, as sent. What becomes of it must fit an item of DynamoDB, which has 400 KB. */
export const MAX_BODY = 262_144;

/**
 * The bytes that were sent. API Gateway hands them over as text, where what is no UTF-8 has become U+FFFD, or as Base64
 * where an API declares binary media types. Throws EMPTY_BODY, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_CODING.
 */
export function bytesOf(
  { body, isBase64Encoded }: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>,
  headers: Headers,
): Buffer {
  checkMediaType(headers['content-type']);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    throw new Problem('UNSUPPORTED_CODING', 'the body is compressed', { path: 'Content-Encoding' });
  if (!body) throw new Problem('EMPTY_BODY', 'there is no body');
  const actual = isBase64Encoded ? Buffer.byteLength(body, 'base64') : Buffer.byteLength(body);
  if (actual > MAX_BODY)
    throw new Problem('BODY_TOO_LARGE', `the body has ${actual} bytes`, { limit: MAX_BODY, actual });
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/** The bytes as text. Throws BAD_ENCODING with the offset of the first byte that is no UTF-8. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw new Problem('EMPTY_BODY', 'there is nothing but space in the body');
  const damaged = text.indexOf('\ufffd');
  if (damaged < 0) return text;
  const offset = Buffer.byteLength(text.slice(0, damaged));
  throw new Problem('BAD_ENCODING', `the body is no UTF-8 from byte ${offset} on`, {
    path: `byte ${offset}`,
  });
}

/** `application/json`, in UTF-8 if it says so. */
function checkMediaType(type: string | undefined): void {
  if (type === undefined)
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'there is no Content-Type', { path: 'Content-Type' });
  const [name = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((one) => one.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (name !== 'application/json' || (charset ?? 'utf-8') !== 'utf-8')
    throw new Problem(
      'UNSUPPORTED_MEDIA_TYPE',
      'the body is of another type than application/json in UTF-8',
      {
        path: 'Content-Type',
      },
    );
}
