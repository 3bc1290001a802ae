/** The embedded AWS on a socket: loopback only, because its credentials are known to everybody. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control.ts';
import type { Running } from './start.ts';
import type { WireRequest } from './wire/message.ts';

/** Bytes of a request's body: more than Lambda takes as a zip file (50 MiB). */
const LARGEST_BODY = 128 * 1024 * 1024;

export interface Listening {
  /** `http://127.0.0.1:4566` */
  address: string;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 * @param port 0 for any free one. Rejects with code `EADDRINUSE` when something else listens there.
 */
export async function listen(running: Running, port: number): Promise<Listening> {
  const controlled = control(running);
  // 0: never closes a connection that a client may be about to use again.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answered(running, controlled, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await bound(server, port);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  running.listensAt(address);
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const bound = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? Object.assign(new Error(`Port ${port} is in use. Choose another, or end what listens there.`), {
              code: error.code,
            })
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });

async function answered(
  { world }: Running,
  controlled: ReturnType<typeof control>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (Number(request.headers['content-length']) > LARGEST_BODY) {
    response.writeHead(413, { connection: 'close', 'content-type': 'text/plain' });
    response.end(`A request's body may have ${LARGEST_BODY} bytes.\n`);
    return;
  }
  const body = await bodyOf(request);
  if (body === undefined) return; // gone before it was whole
  const whole = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: headersOf(request),
    rawHeaders: request.rawHeaders,
    body,
    whenGone: (run: () => void) => whenClosed(response, run),
  };
  if (whole.path.startsWith('/_spillway/')) return controlled(whole, response);
  const answer = await world.wire(whole);
  if (answer.lost) {
    response.destroy();
    return;
  }
  response.sendDate = false;
  response.writeHead(answer.status, answer.headers);
  end(response, answer.body);
}

/** A response closes when its connection does, if it was not ended before. */
function whenClosed(response: ServerResponse, run: () => void): () => void {
  if (response.closed) run();
  response.once('close', run);
  return () => void response.off('close', run);
}

/** `undefined` when the sender broke off, or was cut off for sending too much without saying so. */
const bodyOf = (request: IncomingMessage) =>
  new Promise<Uint8Array | undefined>((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LARGEST_BODY) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('close', () => resolve(undefined)); // also after an error, which Node drops if nobody listens
  });

/** A small body as a text of its bytes, which Node sends in one piece with the head. */
function end(response: ServerResponse, body: Uint8Array) {
  if (body.length > ONE_PIECE) response.end(body);
  else response.end(asBuffer(body).toString('latin1'), 'latin1');
}

const asBuffer = (body: Uint8Array): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.length);

/** Bytes. */
const ONE_PIECE = 16 * 1024;

/** As Node reads them: of all but one it has made a single value. */
function headersOf({ headers }: IncomingMessage): WireRequest['headers'] {
  const several = headers['set-cookie'];
  return (several ? { ...headers, 'set-cookie': several.join(',') } : headers) as WireRequest['headers'];
}
