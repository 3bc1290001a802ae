/** Which API a request is for, as its host or its path says. */
import type { WireRequest } from '../../../wire/message.ts';

export interface Address {
  apiId: string;
  /** Of an HTTP API it may be the first part of the path, because `$default` is not named. */
  stage: string;
  /** What follows the stage, as it was sent; it may be nothing. */
  path: string;
  /** As it was sent, without the question mark. */
  query: string;
  /** As a client of AWS would have named it. @default the request named none */
  host?: string;
}

/**
 * `API.execute-api.REGION.amazonaws.com/STAGE/…` by its host; or, where names cannot be resolved, by the paths that
 * LocalStack knows: `/restapis/API/STAGE/_user_request_/…` and `/_aws/execute-api/API/STAGE/…`.
 */
export function addressOf({ path: raw, headers }: WireRequest): Address | undefined {
  const host = headers.host ?? '';
  const byHost = host.includes('.execute-api.') ? host.split('.')[0] : undefined;
  if (byHost === undefined && !raw.startsWith('/restapis/') && !raw.startsWith('/_aws/execute-api/')) return;
  const mark = raw.indexOf('?');
  const whole = mark < 0 ? raw : raw.slice(0, mark);
  const query = mark < 0 ? '' : raw.slice(mark + 1);
  if (byHost !== undefined) {
    const [, stage = '', path = ''] = /^\/*([^/]*)(.*)$/s.exec(whole)!;
    return { apiId: byHost, stage, path, query, host: host.replace(/:\d+$/, '') };
  }
  const match =
    /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_(.*)$/s.exec(whole) ??
    /^\/_aws\/execute-api\/([^/]+)\/?([^/]*)(.*)$/s.exec(whole);
  if (!match) return undefined;
  const [, apiId = '', stage = '', path = ''] = match;
  return { apiId, stage, path, query };
}
