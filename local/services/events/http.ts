/** HTTP as EventBridge speaks it to API destinations. */
import http from 'node:http';
import https from 'node:https';
import { bytes, text } from '../../wire/message.ts';
import type { World } from '../../world.ts';
import { HttpFailure } from './failures.ts';

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

/** Throws HttpFailure when nothing is answered. */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** What is addressed to this AWS, such as one of its REST APIs, is answered here; the rest goes over the network. */
export const exchanging =
  (world: World): Exchange =>
  (request) =>
    request.url.origin === world.endpoint() || request.url.hostname.includes('.execute-api.')
      ? answeredHere(world, request)
      : world.clock.hold(answeredElsewhere(request));

async function answeredHere(world: World, { method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
  const answer = await world.wire({
    method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host },
    body: bytes(body),
  });
  if (answer.lost) throw timedOut();
  return {
    status: answer.status,
    retryAfter: [answer.headers['retry-after']].flat()[0],
    body: text(answer.body),
  };
}

/** How long an endpoint has to answer. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
const LONGEST_MS = 5000;

const answeredElsewhere = ({ method, url, headers, body }: HttpRequest) =>
  new Promise<HttpAnswer>((resolve, reject) => {
    const failed = ({ name }: Error) => reject(name === 'TimeoutError' ? timedOut() : unreachable());
    // The other side lives in real time, so its timeout is of real time too.
    const signal = AbortSignal.timeout(LONGEST_MS);
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

/** Codes and texts as in dead letters of AWS that others have published. */
const unreachable = () =>
  new HttpFailure('API destination endpoint cannot be reached.', 'SDK_CLIENT_ERROR', { retriable: true });

const timedOut = () =>
  new HttpFailure('Timeout calling endpoint for API Destination: socket closed.', 'UNKNOWN', {
    retriable: true,
  });
