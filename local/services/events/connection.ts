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
  state: 'AUTHORIZING' | 'AUTHORIZED' | 'DEAUTHORIZED';
  /** Why it is DEAUTHORIZED, where nobody asked for that. */
  reason?: string | undefined;
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

/** EventBridge gives up on what a connection is authorized with, until the connection is updated. */
export const deauthorize = (connection: Connection, reason: string): void =>
  void Object.assign(connection, { state: 'DEAUTHORIZED', reason } satisfies Partial<Connection>);

/** Parameters without what is secret. */
export function disclosed({
  BasicAuthParameters,
  ApiKeyAuthParameters,
  OAuthParameters,
  InvocationHttpParameters,
}: Connection['parameters']): EventBridge.ConnectionAuthResponseParameters {
  const { ClientParameters, OAuthHttpParameters, ...request } = OAuthParameters ?? {};
  return {
    ...(BasicAuthParameters && { BasicAuthParameters: { Username: BasicAuthParameters.Username } }),
    ...(ApiKeyAuthParameters && { ApiKeyAuthParameters: { ApiKeyName: ApiKeyAuthParameters.ApiKeyName } }),
    ...(ClientParameters && {
      OAuthParameters: {
        ...request,
        ClientParameters: { ClientID: ClientParameters.ClientID },
        ...(OAuthHttpParameters && { OAuthHttpParameters: open(OAuthHttpParameters) }),
      },
    }),
    ...(InvocationHttpParameters && { InvocationHttpParameters: open(InvocationHttpParameters) }),
  };
}

const open = (parameters: EventBridge.ConnectionHttpParameters): EventBridge.ConnectionHttpParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([kind, all]) => [
      kind,
      (all as Parameter[]).map(({ Value, ...rest }) => (rest.IsValueSecret ? rest : { ...rest, Value })),
    ]),
  );

/** A header, a query parameter or a member of the body. */
type Parameter = EventBridge.ConnectionHeaderParameter;

export const pairs = (parameters: Parameter[] = []): [string, string][] =>
  parameters.map(({ Key = '', Value = '' }) => [Key, Value]);
