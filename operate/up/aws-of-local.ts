import type { Local } from '../../local/index.ts';
import type { Aws } from '../aws.ts';

/** Clients of an embedded AWS in this process, each made once. */
export function awsOf(local: Local): Aws {
  const made = new Map<unknown, unknown>();
  return <Client>(client: new (configuration: object) => Client) => {
    if (!made.has(client)) made.set(client, local.client(client, { maxAttempts: 3 }));
    return made.get(client) as Client;
  };
}
