import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';

/** What an endpoint was sent. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An HTTP endpoint on this machine. */
export async function endpoint() {
  const it = {
    url: '',
    seen: [] as Seen[],
    /** How it answers: one after another, the last again and again. */
    answers: [] as { status: number; headers?: Record<string, string>; body?: string }[],
    close: () => server.close(),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      it.seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const {
        status,
        headers: own = {},
        body = 'said',
      } = (it.answers.length > 1 ? it.answers.shift() : it.answers[0])!;
      response.writeHead(status, own).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  it.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return it;
}

export const KEY = { ApiKeyAuthParameters: { ApiKeyName: 'x-api-key', ApiKeyValue: 'secret' } };

/** A connection named `c`, with a key unless told otherwise. Answers its ARN. */
export async function connect(
  events: EventBridgeClient,
  AuthParameters: CreateConnectionCommandInput['AuthParameters'] = KEY,
): Promise<string> {
  const AuthorizationType = AuthParameters?.BasicAuthParameters
    ? 'BASIC'
    : AuthParameters?.OAuthParameters
      ? 'OAUTH_CLIENT_CREDENTIALS'
      : 'API_KEY';
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({ Name: 'c', AuthorizationType, AuthParameters }),
  );
  return ConnectionArn!;
}

/** An API destination named `d`. Answers its ARN. */
export async function destine(
  events: EventBridgeClient,
  input: { ConnectionArn: string; InvocationEndpoint: string },
): Promise<string> {
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({ Name: 'd', HttpMethod: 'POST', ...input }),
  );
  return ApiDestinationArn!;
}
