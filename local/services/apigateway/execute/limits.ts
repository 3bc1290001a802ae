/** How large a request may be. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
import type { WireRequest } from '../../../wire/message.ts';
import { Refused } from './refused.ts';

const BODY_BYTES = 10_485_760;
/** Of the request line and all headers. */
const HEADER_BYTES = 10_240;

export function checkSize(request: WireRequest): void {
  const part = tooLargeOf(request);
  if (part) throw new Refused('REQUEST_TOO_LARGE', 'RequestTooLargeException', TOO_LARGE[part]);
}

const TOO_LARGE = {
  body: `HTTP content length exceeded ${BODY_BYTES} bytes.`,
  headers: `HTTP header is larger than ${HEADER_BYTES} bytes.`,
};

/** Which part of a request is. @default none */
export function tooLargeOf({ method, path, headers, body }: WireRequest): 'body' | 'headers' | undefined {
  if (body.length > BODY_BYTES) return 'body';
  const lines = Object.entries(headers).reduce(
    (sum, [name, value = '']) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    method.length + Buffer.byteLength(path),
  );
  return lines > HEADER_BYTES ? 'headers' : undefined;
}
