/** How API destinations are authorized. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { World } from '../../world.ts';
import { named, type Named } from './named.ts';

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

export type Connections = Named<Connection>;

export const connectionsOf = (world: World): Connections =>
  named(
    world,
    'events/connections',
    (name) => `Failed to describe the connection(s). Connection '${name}' does not exist.`,
  );

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
