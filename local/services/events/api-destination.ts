/** HTTP endpoints as targets. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { World } from '../../world.ts';
import { inOrder, notFound } from './bus.ts';

export interface ApiDestination {
  name: string;
  arn: string;
  description: string | undefined;
  connectionArn: string;
  /** With a `*` for each value of a target's PathParameterValues. */
  endpoint: string;
  method: EventBridge.ApiDestinationHttpMethod;
  /** Requests a second. */
  rate: number;
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
}

export interface ApiDestinations {
  /** Throws ResourceNotFoundException. */
  at(name: string | undefined): ApiDestination;
  find(name: string): ApiDestination | undefined;
  withArn(arn: string | undefined): ApiDestination | undefined;
  all(): ApiDestination[];
  add(destination: ApiDestination): void;
  remove(destination: ApiDestination): void;
}

export function apiDestinationsOf({ durable }: World): ApiDestinations {
  const byName = new Map<string, ApiDestination>();
  durable?.map('events/api-destinations', byName);
  return {
    at(name = '') {
      const destination = byName.get(name);
      if (!destination)
        throw notFound(
          `Failed to describe the api-destination(s). An api-destination '${name}' does not exist.`,
        );
      return destination;
    },
    find: (name) => byName.get(name),
    withArn: (arn) => [...byName.values()].find((destination) => destination.arn === arn),
    all: () => inOrder(byName.values()),
    add: (destination) => void byName.set(destination.name, destination),
    remove: ({ name }) => void byName.delete(name),
  };
}
