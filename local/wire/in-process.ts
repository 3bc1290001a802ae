/** SDK clients that call the wire directly: the SDK's own serializing and signing, without a socket. */
import { Readable } from 'node:stream';
import type { World } from '../world.ts';
import type { Wire } from './index.ts';
import { EMPTY } from './message.ts';

/** The class of an SDK client, such as `SQSClient`. */
// oxlint-disable-next-line typescript/no-explicit-any -- every client has a configuration of its own
export type ClientClass<Client, Config = any> = new (config: Config) => Client;

/**
 * A client of `world` as its administrator. It tries once, because a retry would wait for real time: pass `maxAttempts`
 * for more.
 */
export function clientOf<Client>(world: World, Class: ClientClass<Client>, overrides: object = {}): Client {
  const client = new Class({
    region: world.region,
    endpoint: world.endpoint(),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: requestHandler(world.wire),
    ...overrides,
  });
  signByClockOf(world, client as object);
  return client;
}

/** The SDK signs with the machine's time plus an offset, which it would otherwise learn from the first refusal. */
function signByClockOf(world: World, client: object) {
  if (!('config' in client)) return;
  Object.defineProperty(client.config, 'systemClockOffset', {
    // oxlint-disable-next-line no-restricted-properties -- undoes what the SDK adds
    get: () => world.clock.now() - Date.now(),
    set: () => {},
  });
}

interface SdkRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

export function requestHandler(wire: Wire) {
  return {
    async handle(
      { method, path, query = {}, headers, body }: SdkRequest,
      { abortSignal }: { abortSignal?: AbortSignal } = {},
    ) {
      const answer = await wire({
        method,
        path: path + search(query),
        headers: lowerCased(headers),
        body: await whole(body),
        whenGone: abortSignal && ((run) => whenAborted(abortSignal, run)),
      });
      if (abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
      const { status: statusCode, headers: answered, streamed, lost } = answer;
      if (lost) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return {
        response: {
          statusCode,
          headers: answered,
          body: streamed ? Readable.from([answer.body]) : answer.body,
        },
      };
    },
  };
}

function whenAborted(signal: AbortSignal, run: () => void): () => void {
  if (signal.aborted) run();
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}

function search(query: Record<string, string | string[] | null>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      one === null ? encode(name) : `${encode(name)}=${encode(one)}`,
    ),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** As signatures want it: RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const encoder = new TextEncoder();

async function whole(body: SdkRequest['body']): Promise<Uint8Array> {
  if (body === undefined || body === null) return EMPTY;
  if (typeof body === 'string') return encoder.encode(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
