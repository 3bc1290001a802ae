/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html and its siblings. */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Answer } from '../../service.ts';
import { isEndpoint } from '../../wire/outgoing.ts';
import type { World } from '../../world.ts';
import type { ApiDestination, ApiDestinations } from './api-destination.ts';
import { alreadyExists, invalid, notFound } from './bus.ts';
import type { Connections } from './connection.ts';
import { check, page, RULE_NAME } from './constraints.ts';

export function apiDestinationOperations(
  world: World,
  connections: Connections,
  destinations: ApiDestinations,
) {
  return {
    ...describing(connections, destinations),

    CreateApiDestination(input: EventBridge.CreateApiDestinationCommandInput) {
      const destination = newDestination(world, connections, destinations, input);
      destinations.add(destination);
      return answered(
        destination,
        connections,
      ) satisfies Answer<EventBridge.CreateApiDestinationCommandOutput>;
    },

    UpdateApiDestination(input: EventBridge.UpdateApiDestinationCommandInput) {
      const destination = destinations.at(input.Name);
      checkDestination(connections, input);
      Object.assign(destination, {
        description: input.Description ?? destination.description,
        connectionArn: input.ConnectionArn ?? destination.connectionArn,
        endpoint: input.InvocationEndpoint ?? destination.endpoint,
        method: input.HttpMethod ?? destination.method,
        rate: input.InvocationRateLimitPerSecond ?? destination.rate,
        modified: world.clock.now(),
      } satisfies Partial<ApiDestination>);
      return answered(
        destination,
        connections,
      ) satisfies Answer<EventBridge.UpdateApiDestinationCommandOutput>;
    },

    DeleteApiDestination({ Name }: EventBridge.DeleteApiDestinationCommandInput) {
      destinations.remove(destinations.at(Name));
      return {} satisfies Answer<EventBridge.DeleteApiDestinationCommandOutput>;
    },
  };
}

function describing(connections: Connections, destinations: ApiDestinations) {
  return {
    DescribeApiDestination({ Name }: EventBridge.DescribeApiDestinationCommandInput) {
      const destination = destinations.at(Name);
      return {
        ...listed(destination, connections),
        ...(destination.description === undefined ? {} : { Description: destination.description }),
      } satisfies Answer<EventBridge.DescribeApiDestinationCommandOutput>;
    },

    ListApiDestinations(input: EventBridge.ListApiDestinationsCommandInput) {
      const { NamePrefix = '', ConnectionArn, ...rest } = input;
      const found = destinations
        .all()
        .filter(
          ({ name, connectionArn }) =>
            name.startsWith(NamePrefix) && connectionArn === (ConnectionArn ?? connectionArn),
        );
      const { items, next } = page(found, rest);
      return {
        ApiDestinations: items.map((destination) => listed(destination, connections)),
        ...next,
      } satisfies Answer<EventBridge.ListApiDestinationsCommandOutput>;
    },
  };
}

/** Without an authorized connection it is of no use. */
const answered = ({ arn, connectionArn, created, modified }: ApiDestination, connections: Connections) => ({
  ApiDestinationArn: arn,
  ApiDestinationState:
    connections.withArn(connectionArn)?.state === 'AUTHORIZED' ? ('ACTIVE' as const) : ('INACTIVE' as const),
  CreationTime: new Date(created),
  LastModifiedTime: new Date(modified),
});

const listed = (destination: ApiDestination, connections: Connections) => ({
  ...answered(destination, connections),
  Name: destination.name,
  ConnectionArn: destination.connectionArn,
  InvocationEndpoint: destination.endpoint,
  HttpMethod: destination.method,
  InvocationRateLimitPerSecond: destination.rate,
});

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_A_SECOND = 300;

function newDestination(
  { account, region, random, clock }: World,
  connections: Connections,
  destinations: ApiDestinations,
  input: EventBridge.CreateApiDestinationCommandInput,
): ApiDestination {
  const { Name: name = '', Description, ConnectionArn, InvocationEndpoint, HttpMethod } = input;
  checkDestination(connections, input);
  if (destinations.find(name)) throw alreadyExists(`An api-destination '${name}' already exists.`);
  return {
    name,
    arn: `arn:aws:events:${region}:${account}:api-destination/${name}/${random.uuid()}`,
    description: Description,
    connectionArn: ConnectionArn!,
    endpoint: InvocationEndpoint!,
    method: HttpMethod!,
    rate: input.InvocationRateLimitPerSecond ?? MOST_A_SECOND,
    created: clock.now(),
    modified: clock.now(),
  };
}

const METHODS = ['HEAD', 'POST', 'PATCH', 'DELETE', 'PUT', 'GET', 'OPTIONS'];

function checkDestination(
  connections: Connections,
  input: EventBridge.UpdateApiDestinationCommandInput,
): void {
  const { ConnectionArn, InvocationEndpoint, InvocationRateLimitPerSecond: rate } = input;
  check(
    { at: 'name', value: input.Name, ...RULE_NAME },
    { at: 'description', value: input.Description, longest: 512 },
    { at: 'invocationEndpoint', value: InvocationEndpoint, longest: 2048, shortest: 1 },
    { at: 'httpMethod', value: input.HttpMethod, oneOf: METHODS },
  );
  if (rate !== undefined && rate < 1)
    throw invalid(
      `1 validation error detected: Value '${rate}' at 'invocationRateLimitPerSecond' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  if (InvocationEndpoint !== undefined && !isEndpoint(InvocationEndpoint))
    throw invalid('Parameter InvocationEndpoint is not valid. Reason: It must be a URL with https.');
  if (ConnectionArn !== undefined && !connections.withArn(ConnectionArn))
    throw notFound(`Connection '${ConnectionArn}' does not exist.`);
}
