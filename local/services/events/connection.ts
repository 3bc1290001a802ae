/** How API destinations are authorized. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { World } from '../../world.ts';
import { inOrder, notFound } from './bus.ts';

export interface Connection {
  name: string;
  arn: string;
  /** Of what AWS keeps in Secrets Manager, and this here. */
  secretArn: string;
  description: string | undefined;
  type: EventBridge.ConnectionAuthorizationType;
  /** With what is secret. */
  parameters: EventBridge.CreateConnectionAuthRequestParameters;
  state: 'AUTHORIZED' | 'DEAUTHORIZED';
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
  authorized: number;
}

export interface Connections {
  /** Throws ResourceNotFoundException. */
  at(name: string | undefined): Connection;
  find(name: string): Connection | undefined;
  withArn(arn: string | undefined): Connection | undefined;
  all(): Connection[];
  add(connection: Connection): void;
  remove(connection: Connection): void;
}

export function connectionsOf({ durable }: World): Connections {
  const byName = new Map<string, Connection>();
  durable?.map('events/connections', byName);
  return {
    at(name = '') {
      const connection = byName.get(name);
      if (!connection)
        throw notFound(`Failed to describe the connection(s). Connection '${name}' does not exist.`);
      return connection;
    },
    find: (name) => byName.get(name),
    withArn: (arn) => [...byName.values()].find((connection) => connection.arn === arn),
    all: () => inOrder(byName.values()),
    add: (connection) => void byName.set(connection.name, connection),
    remove: ({ name }) => void byName.delete(name),
  };
}

/** Parameters without what is secret. */
export function disclosed({
  BasicAuthParameters,
  ApiKeyAuthParameters,
  InvocationHttpParameters,
}: Connection['parameters']): EventBridge.ConnectionAuthResponseParameters {
  return {
    ...(BasicAuthParameters && { BasicAuthParameters: { Username: BasicAuthParameters.Username } }),
    ...(ApiKeyAuthParameters && { ApiKeyAuthParameters: { ApiKeyName: ApiKeyAuthParameters.ApiKeyName } }),
    ...(InvocationHttpParameters && {
      InvocationHttpParameters: Object.fromEntries(
        Object.entries(InvocationHttpParameters).map(([kind, parameters]) => [
          kind,
          (parameters as Parameter[]).map(({ Value, ...rest }) =>
            rest.IsValueSecret ? rest : { ...rest, Value },
          ),
        ]),
      ),
    }),
  };
}

/** A header, a query parameter or a member of the body. */
export type Parameter = EventBridge.ConnectionHeaderParameter;
