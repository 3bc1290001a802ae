/** How large a request may be. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
import type { Invocation } from './invocation.ts';
import { Refused } from './refused.ts';

const BODY_BYTES = 10_485_760;
/** Of the request line and all headers. */
const HEADER_BYTES = 10_240;

export function checkSize({ wire: { method, path, headers, body } }: Invocation): void {
  if (body.length > BODY_BYTES) throw tooLarge(`HTTP content length exceeded ${BODY_BYTES} bytes.`);
  const lines = Object.entries(headers).reduce(
    (sum, [name, value = '']) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    method.length + Buffer.byteLength(path),
  );
  if (lines > HEADER_BYTES) throw tooLarge(`HTTP header is larger than ${HEADER_BYTES} bytes.`);
}

const tooLarge = (message: string) => new Refused('REQUEST_TOO_LARGE', 'RequestTooLargeException', message);
