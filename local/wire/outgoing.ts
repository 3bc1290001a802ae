/** HTTP that the embedded AWS speaks to others: to endpoints of customers, and to issuers of tokens. */
import http from 'node:http';
import https from 'node:https';
import type { World } from '../world.ts';
import { bytes, text } from './message.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface HttpAnswer {
  status: number;
  /** Of the header of that name. @default there is none */
  retryAfter: string | undefined;
  body: string;
}

/** Throws NoAnswer. */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Nobody was there, or nothing came in time. */
export class NoAnswer extends Error {
  readonly timedOut: boolean;

  constructor(timedOut: boolean) {
    super(timedOut ? 'There was no answer in time.' : 'The endpoint cannot be reached.');
    this.timedOut = timedOut;
  }
}

/**
 * What is addressed to this AWS, such as one of its REST APIs or function URLs, is answered here; the rest goes over the network.
 * @param longestMs how long others have to answer
 */
export const exchanging =
  (world: World, longestMs: number): Exchange =>
  (request) =>
    request.url.origin === world.endpoint() || OURS.test(request.url.hostname)
      ? answeredHere(world, request)
      : world.clock.hold(answeredElsewhere(request, longestMs));

const OURS = /\.(execute-api|lambda-url)\./;

/** AWS takes https only; here, plain http will do for what runs on this machine. */
export function isEndpoint(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

async function answeredHere(world: World, { method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
  const answer = await world.wire({
    method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host },
    body: bytes(body),
  });
  if (answer.lost) throw new NoAnswer(true);
  return {
    status: answer.status,
    retryAfter: [answer.headers['retry-after']].flat()[0],
    body: text(answer.body),
  };
}

const answeredElsewhere = ({ method, url, headers, body }: HttpRequest, longestMs: number) =>
  new Promise<HttpAnswer>((resolve, reject) => {
    const failed = ({ name }: Error) => reject(new NoAnswer(name === 'TimeoutError'));
    // The other side lives in real time, so its timeout is of real time too.
    const signal = AbortSignal.timeout(longestMs);
    const { request } = url.protocol === 'https:' ? https : http;
    request(url, { method, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    })
      .on('error', failed)
      .end(body);
  });
