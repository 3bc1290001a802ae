import type { World } from '../../world.ts';

export type Meter = (value: number) => void;
export type FunctionMeters = Record<(typeof NAMES)[number], Meter>;

const NAMES = [
  'Invocations',
  'Errors',
  'Throttles',
  'Duration',
  'ConcurrentExecutions',
  'AsyncEventsReceived',
  'AsyncEventsDropped',
  'AsyncEventAge',
  'DeadLetterErrors',
  'DestinationDeliveryFailures',
] as const;

/** The others are counts. Same source as below. */
const MILLISECONDS: readonly string[] = ['Duration', 'AsyncEventAge'];

/** The metrics of functions by name. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function meters(world: World): (functionName: string) => FunctionMeters {
  const known = new Map<string, FunctionMeters>();
  return (FunctionName) => {
    let own = known.get(FunctionName);
    if (!own) {
      const meter = (name: string) =>
        world
          .service('monitoring')
          .meter(
            'AWS/Lambda',
            name,
            { FunctionName },
            MILLISECONDS.includes(name) ? 'Milliseconds' : 'Count',
          );
      own = Object.fromEntries(NAMES.map((name) => [name, meter(name)])) as FunctionMeters;
      known.set(FunctionName, own);
    }
    return own;
  };
}
