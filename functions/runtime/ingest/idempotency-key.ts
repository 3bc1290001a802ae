import { Problem } from '../problem.ts';
import type { Headers } from './headers.ts';

/**
 * The key under which a request takes effect once. The draft of the header wants a string of RFC 9651, in double quotes;
 * the many who send it bare are understood too. Throws IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07
 */
export function idempotencyKey(headers: Headers): string {
  const sent = headers['idempotency-key'];
  const path = 'Idempotency-Key';
  if (!sent) throw new Problem('IDEMPOTENCY_KEY_MISSING', 'there is no Idempotency-Key', { path });
  const [, quoted, bare] = KEY.exec(sent) ?? [];
  const key = quoted ?? bare;
  if (key === undefined)
    throw new Problem('IDEMPOTENCY_KEY_INVALID', 'the Idempotency-Key is not one plain string', {
      path,
      limit: 255,
      actual: sent.length,
    });
  return key;
}

/** Visible ASCII without double quotes and backslashes; a comma outside of quotes would begin a list. */
const KEY = /^(?:"([\x20!\x23-\x5b\x5d-\x7e]{1,255})"|([!\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255}))$/;
