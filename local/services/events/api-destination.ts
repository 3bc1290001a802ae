/** HTTP endpoints as targets. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { World } from '../../world.ts';
import { named, type Named } from './named.ts';

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

export type ApiDestinations = Named<ApiDestination>;

export const apiDestinationsOf = (world: World): ApiDestinations =>
  named(
    world,
    'events/api-destinations',
    (name) => `Failed to describe the api-destination(s). An api-destination '${name}' does not exist.`,
  );
