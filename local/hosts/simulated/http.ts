import http from 'node:http';
import https from 'node:https';
import { Readable, Writable } from 'node:stream';
import type { WireAnswer, WireRequest } from '../../wire/message.ts';
import type { Life } from './life.ts';

/** Answers a request in process. Rejects with a network error when nothing is there. */
export type Send = (request: WireRequest) => Promise<WireAnswer>;

/** As much of `node:http` and `node:https` as HTTP clients use: a request is answered by `send`, without a socket. */
export function virtualHttp(send: Send, endpoint: () => string, life: Life) {
  const request = (...args: unknown[]): Writable => {
    const { url, options, onResponse } = requested(args);
    // Whoever answers CloudFormation does so over TLS and without a port; the endpoint stands for that too.
    if (url.port === '' && url.hostname === new URL(endpoint()).hostname) url.host = new URL(endpoint()).host;
    const headers = new Map<string, string>();
    for (const [name, value] of Object.entries(options.headers ?? {}))
      headers.set(name.toLowerCase(), String(value));
    if (!headers.has('host')) headers.set('host', url.host);
    const chunks: Buffer[] = [];

    const outgoing = new Writable({
      write(chunk: Buffer | string, encoding, done) {
        chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
        done();
      },
      final(done) {
        done();
        reached(url, endpoint())
          .then(() =>
            send({
              method: options.method ?? 'GET',
              path: url.pathname + url.search,
              headers: Object.fromEntries(headers),
              body: Buffer.concat(chunks),
            }),
          )
          .then((received) => {
            if (received.lost) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
            return received;
          })
          .then(
            (received) => arrived(outgoing, life, 'response', incoming(received)),
            (error: unknown) => arrived(outgoing, life, 'error', error),
          );
      },
      // A request stays open until its answer is there.
      autoDestroy: false,
    });
    if (onResponse) outgoing.once('response', onResponse);
    const chained = () => outgoing;
    queueMicrotask(() => outgoing.emit('socket', socket));
    return Object.assign(outgoing, {
      socket,
      path: url.pathname + url.search,
      method: options.method ?? 'GET',
      host: url.hostname,
      protocol: url.protocol,
      setTimeout: chained,
      setNoDelay: chained,
      setSocketKeepAlive: chained,
      flushHeaders() {},
      abort: () => outgoing.destroy(),
      setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
      getHeader: (name: string) => headers.get(name.toLowerCase()),
      removeHeader: (name: string) => headers.delete(name.toLowerCase()),
    });
  };
  const get = (...args: unknown[]) => request(...args).end();

  return { http: { ...http, request, get, Agent }, https: { ...https, request, get, Agent } };
}

/** Nobody waits any more for the answer to a request that was destroyed. */
const arrived = (request: Writable, life: Life, event: 'response' | 'error', value: unknown) =>
  life.enter(() => {
    if (!request.destroyed) request.emit(event, value);
  });

interface Options {
  method?: string;
  protocol?: string;
  host?: string;
  hostname?: string;
  port?: number | string;
  path?: string;
  headers?: Record<string, string | number>;
}

/** `(url, options?, callback?)` or `(options, callback?)`. */
function requested(args: unknown[]) {
  const onResponse = args.find((arg) => typeof arg === 'function') as
    | ((response: unknown) => void)
    | undefined;
  const address = typeof args[0] === 'string' || args[0] instanceof URL ? new URL(args[0]) : undefined;
  const options = ((address ? args[1] : args[0]) ?? {}) as Options;
  const url =
    address ??
    new URL(
      options.path ?? '/',
      `${options.protocol ?? 'http:'}//${options.hostname ?? options.host ?? 'localhost'}${options.port ? `:${options.port}` : ''}`,
    );
  return { url, options, onResponse };
}

/** Only the embedded AWS is there. */
export async function reached(url: URL, endpoint: string): Promise<void> {
  const { port } = new URL(endpoint);
  if (url.port === port) return;
  throw Object.assign(new Error(`connect ECONNREFUSED ${url.host}`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: url.hostname,
    port: url.port,
  });
}

const incoming = ({ status, headers, body }: WireAnswer) =>
  Object.assign(Readable.from([Buffer.from(body)]), {
    statusCode: status,
    statusMessage: http.STATUS_CODES[status] ?? '',
    headers,
    rawHeaders: Object.entries(headers).flat(),
    httpVersion: '1.1',
    complete: true,
  });

const socket = {
  connecting: false,
  destroyed: false,
  setKeepAlive() {},
  setTimeout() {},
  setNoDelay() {},
  ref() {},
  unref() {},
  on() {},
  once() {},
  off() {},
  removeListener() {},
  destroy() {},
};

class Agent {
  sockets = {};
  requests = {};
  freeSockets = {};
  maxSockets = 50;
  destroy() {}
}
