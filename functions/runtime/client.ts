import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { Sha256 } from './sha256.ts';

/** Settings of the AWS clients that functions make: a connection that does not come is given up after a second. */
export const clientSettings = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1_000, requestTimeout },
  logger: QUIET,
  sha256: Sha256,
  // A client's middleware is put together once, not for every call.
  cacheMiddleware: true,
});

/** A client that is made with its first call, where most instances never make one: making it takes milliseconds. */
export function onDemand<Client extends { send(...args: never[]): unknown }>(
  make: () => Client,
): Pick<Client, 'send'> {
  let client: Client | undefined;
  const send = (...args: never[]) => (client ??= make()).send(...args);
  return { send };
}

/** Without `info`, as which a client would copy every request and response for a log that nobody reads. */
const QUIET = { debug() {}, warn() {}, error() {} } as unknown as NonNullable<DynamoDBClientConfig['logger']>;
