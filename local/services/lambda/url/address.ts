/** Which function URL a request is for, as its host says. */
import type { WireRequest } from '../../../wire/message.ts';
import type { Address } from '../../apigateway/execute/address.ts';

/** `ID.lambda-url.REGION.on.aws`, or `ID.lambda-url.REGION.localhost:PORT`, which leads here by itself. */
export function urlAddressOf({ path: raw, headers: { host = '' } }: WireRequest): Address | undefined {
  if (!host.includes('.lambda-url.')) return undefined;
  const [, path = '/', query = ''] = /^([^?]*)\??(.*)$/s.exec(raw)!;
  return { apiId: host.split('.')[0]!, stage: '$default', path, query, host: host.replace(/:\d+$/, '') };
}
