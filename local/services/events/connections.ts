/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html and its siblings. */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { isEndpoint } from '../../wire/outgoing.ts';
import type { World } from '../../world.ts';
import { alreadyExists, invalid } from './bus.ts';
import { disclosed, type Connection, type Connections } from './connection.ts';
import { check, page, RULE_NAME } from './constraints.ts';
import type { Tokens } from './tokens.ts';

export function connectionOperations(world: World, connections: Connections, tokens: Tokens) {
  const { clock } = world;
  return {
    CreateConnection: createConnection(world, connections, tokens),

    UpdateConnection(input: EventBridge.UpdateConnectionCommandInput) {
      const connection = connections.at(input.Name);
      const { AuthorizationType = connection.type, AuthParameters, Description } = input;
      const parameters = updated(connection.parameters, AuthParameters);
      checkConnection({ ...input, AuthorizationType, AuthParameters: parameters });
      Object.assign(connection, {
        type: AuthorizationType,
        parameters,
        description: Description ?? connection.description,
        state: 'AUTHORIZED',
        reason: undefined,
        modified: clock.now(),
        authorized: clock.now(),
      } satisfies Partial<Connection>);
      if (connection.type === OAUTH) tokens.authorize(connection);
      return answered(connection) satisfies Answer<EventBridge.UpdateConnectionCommandOutput>;
    },

    DeauthorizeConnection({ Name }: EventBridge.DeauthorizeConnectionCommandInput) {
      const connection = connections.at(Name);
      Object.assign(connection, {
        parameters: {},
        state: 'DEAUTHORIZED',
        reason: undefined,
        modified: clock.now(),
      } satisfies Partial<Connection>);
      return answered(connection) satisfies Answer<EventBridge.DeauthorizeConnectionCommandOutput>;
    },

    DeleteConnection({ Name }: EventBridge.DeleteConnectionCommandInput) {
      const connection = connections.at(Name);
      connections.remove(connection);
      return {
        ...answered(connection),
        ConnectionState: 'DELETING',
      } satisfies Answer<EventBridge.DeleteConnectionCommandOutput>;
    },

    DescribeConnection({ Name }: EventBridge.DescribeConnectionCommandInput) {
      const connection = connections.at(Name);
      return {
        ...listed(connection),
        ...(connection.description === undefined ? {} : { Description: connection.description }),
        SecretArn: connection.secretArn,
        AuthParameters: disclosed(connection.parameters),
      } satisfies Answer<EventBridge.DescribeConnectionCommandOutput>;
    },

    ListConnections({ NamePrefix = '', ConnectionState, ...rest }: EventBridge.ListConnectionsCommandInput) {
      const found = connections
        .all()
        .filter(({ name, state }) => name.startsWith(NamePrefix) && state === (ConnectionState ?? state));
      const { items, next } = page(found, rest);
      return {
        Connections: items.map(listed),
        ...next,
      } satisfies Answer<EventBridge.ListConnectionsCommandOutput>;
    },
  };
}

function createConnection(
  { account, region, random, clock }: World,
  connections: Connections,
  tokens: Tokens,
) {
  return (
    input: EventBridge.CreateConnectionCommandInput,
  ): Answer<EventBridge.CreateConnectionCommandOutput> => {
    const { Name: name = '', AuthorizationType, AuthParameters = {}, Description } = input;
    checkConnection(input);
    if (connections.find(name)) throw alreadyExists(`Connection ${name} already exists.`);
    const where = `${region}:${account}`;
    const now = clock.now();
    const connection: Connection = {
      name,
      arn: `arn:aws:events:${where}:connection/${name}/${random.uuid()}`,
      secretArn: `arn:aws:secretsmanager:${where}:secret:events!connection/${name}/${random.uuid()}-${random.letters(6)}`,
      description: Description,
      type: AuthorizationType!,
      parameters: AuthParameters,
      state: 'AUTHORIZED',
      created: now,
      modified: now,
      authorized: now,
    };
    connections.add(connection);
    if (connection.type === OAUTH) tokens.authorize(connection);
    return answered(connection);
  };
}

/** Of the parameters of OAuth, those that are not given stay as they are. */
function updated(
  before: Connection['parameters'],
  given: EventBridge.UpdateConnectionAuthRequestParameters | undefined,
): Connection['parameters'] {
  if (!given) return before;
  const { OAuthParameters: changes } = given;
  const { OAuthParameters: former } = before;
  const OAuthParameters = changes && {
    ...former,
    ...changes,
    ClientParameters: { ...former?.ClientParameters, ...changes.ClientParameters },
  };
  return { ...given, ...(OAuthParameters && { OAuthParameters }) } as Connection['parameters'];
}

const OAUTH = 'OAUTH_CLIENT_CREDENTIALS';

/** What each type needs. */
const NEEDED = {
  BASIC: 'BasicAuthParameters',
  API_KEY: 'ApiKeyAuthParameters',
  [OAUTH]: 'OAuthParameters',
} as const;

function checkConnection(input: EventBridge.CreateConnectionCommandInput): void {
  const { Name, Description, AuthorizationType: type, AuthParameters: parameters = {} } = input;
  check(
    { at: 'name', value: Name, ...RULE_NAME },
    { at: 'description', value: Description, longest: 512 },
    { at: 'authorizationType', value: type, oneOf: ['BASIC', OAUTH, 'API_KEY'] },
  );
  if (input.KmsKeyIdentifier) throw notModelled('KmsKeyIdentifier of a connection');
  if (input.InvocationConnectivityParameters ?? parameters.ConnectivityParameters)
    throw notModelled('connections to private APIs');
  if (!parameters[NEEDED[type!]])
    throw invalid(`Parameter(s) ${NEEDED[type!]} must be specified for authorization type: ${type}.`);
  if (type === OAUTH) checkOAuth(parameters.OAuthParameters!);
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnectionOAuthRequestParameters.html */
function checkOAuth(parameters: EventBridge.CreateConnectionOAuthRequestParameters): void {
  const { AuthorizationEndpoint: endpoint, HttpMethod, ClientParameters } = parameters;
  const { ClientID, ClientSecret } = ClientParameters ?? {};
  check(
    { at: of('authorizationEndpoint'), value: endpoint, longest: 2048, shortest: 1 },
    { at: of('httpMethod'), value: HttpMethod, oneOf: ['GET', 'POST', 'PUT'] },
    { at: of('clientParameters.clientID'), value: ClientID, longest: 512, shortest: 1 },
    { at: of('clientParameters.clientSecret'), value: ClientSecret, longest: 512, shortest: 1 },
  );
  if (!isEndpoint(endpoint ?? ''))
    throw invalid('Parameter AuthorizationEndpoint is not valid. Reason: It must be a URL with https.');
}

const of = (member: string) => `authParameters.oAuthParameters.${member}`;

const answered = ({ arn, state, created, modified, authorized }: Connection) => ({
  ConnectionArn: arn,
  ConnectionState: state,
  CreationTime: new Date(created),
  LastModifiedTime: new Date(modified),
  LastAuthorizedTime: new Date(authorized),
});

const listed = (connection: Connection) => ({
  ...answered(connection),
  Name: connection.name,
  AuthorizationType: connection.type,
  ...(connection.reason !== undefined && { StateReason: connection.reason }),
});
