/** Access tokens of connections with OAuth. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html */
import { exchanging, type HttpAnswer, type HttpRequest } from '../../wire/outgoing.ts';
import type { World } from '../../world.ts';
import { deauthorize, pairs, type Connection, type Connections } from './connection.ts';
import { LONGEST_MS } from './failures.ts';

export interface Tokens {
  /** Asks for a connection's first token; it is AUTHORIZING until there is an answer. */
  authorize(connection: Connection): void;
  /** One that is good for a minute or more; undefined when none is to be had, which leaves the connection DEAUTHORIZED. */
  of(connection: Connection): Promise<string | undefined>;
  /** An endpoint would not have it: the next request is made with a new one. */
  drop(connection: Connection): void;
}

interface Token {
  value: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** How long before its end a token is replaced. */
const EARLIER_MS = 60_000;

export function tokensOf(world: World, connections: Connections): Tokens {
  const { clock, durable } = world;
  const exchange = exchanging(world, LONGEST_MS);
  /** By what a connection is authorized with: whatever changes that needs a new token. */
  const known = new WeakMap<Connection['parameters'], Promise<Token | undefined>>();

  const request = async (connection: Connection): Promise<Token | undefined> => {
    const { parameters } = connection;
    const token = await exchange(requestFor(parameters)).then(
      (answer) => tokenIn(answer, clock.now()),
      () => undefined,
    );
    if (connection.parameters !== parameters) return undefined;
    if (token) Object.assign(connection, { state: 'AUTHORIZED', authorized: clock.now() });
    else deauthorize(connection, 'The authorization endpoint gave no access token.');
    durable?.changed('events');
    return token;
  };
  const requested = (connection: Connection) => {
    const token = request(connection);
    known.set(connection.parameters, token);
    return token;
  };
  const drop = ({ parameters }: Connection) => void known.delete(parameters);

  durable?.onceStarted(() => {
    for (const connection of connections.all())
      if (connection.state === 'AUTHORIZING') void requested(connection);
  });
  return {
    authorize(connection) {
      connection.state = 'AUTHORIZING';
      void requested(connection);
    },
    async of(connection) {
      const token = await (known.get(connection.parameters) ?? requested(connection));
      if (!token || token.expires - clock.now() > EARLIER_MS) return token?.value;
      return (await requested(connection))?.value;
    },
    drop,
  };
}

/** The client's id and secret go with the customer's own parameters: as a form, or in the query of a GET. */
function requestFor({ OAuthParameters }: Connection['parameters']): HttpRequest {
  const { AuthorizationEndpoint, HttpMethod, ClientParameters, OAuthHttpParameters } = OAuthParameters!;
  const { QueryStringParameters, HeaderParameters, BodyParameters } = OAuthHttpParameters ?? {};
  const url = new URL(AuthorizationEndpoint!);
  const form = new URLSearchParams([
    ['client_id', ClientParameters!.ClientID!],
    ['client_secret', ClientParameters!.ClientSecret!],
    ...pairs(BodyParameters),
  ]);
  const inQuery = HttpMethod === 'GET' ? [...form] : [];
  for (const [name, value] of [...pairs(QueryStringParameters), ...inQuery])
    url.searchParams.append(name, value);
  const body = HttpMethod === 'GET' ? '' : form.toString();
  return {
    method: HttpMethod!,
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...Object.fromEntries(pairs(HeaderParameters).map(([name, value]) => [name.toLowerCase(), value])),
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** https://datatracker.ietf.org/doc/html/rfc6749#section-5.1 */
function tokenIn({ status, body }: HttpAnswer, now: number): Token | undefined {
  if (status < 200 || status > 299) return undefined;
  try {
    const { access_token: value, expires_in: seconds = Infinity } = JSON.parse(body) as {
      access_token?: unknown;
      expires_in?: unknown;
    };
    return typeof value === 'string' ? { value, expires: now + Number(seconds) * 1000 } : undefined;
  } catch {
    return undefined;
  }
}
