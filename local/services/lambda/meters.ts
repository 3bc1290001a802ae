import type { World } from '../../world.ts';
import { metersByName, type Meter } from '../monitoring/by-name.ts';

export type FunctionMeters = Record<keyof typeof UNITS, Meter>;

const UNITS = {
  Invocations: 'Count',
  Errors: 'Count',
  Throttles: 'Count',
  Duration: 'Milliseconds',
  ConcurrentExecutions: 'Count',
  AsyncEventsReceived: 'Count',
  AsyncEventsDropped: 'Count',
  AsyncEventAge: 'Milliseconds',
  DeadLetterErrors: 'Count',
  DestinationDeliveryFailures: 'Count',
  UrlRequestCount: 'Count',
  UrlRequestLatency: 'Milliseconds',
  Url4xxCount: 'Count',
  Url5xxCount: 'Count',
} as const;

/** The metrics of functions by name. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const meters = (world: World): ((functionName: string) => FunctionMeters) =>
  metersByName(world, { namespace: 'AWS/Lambda', dimension: 'FunctionName', units: UNITS });
