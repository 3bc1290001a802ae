/** Amazon CloudWatch Logs: groups, streams, events and filters. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { encrypting, keyChecks } from './logs/encryption.ts';
import { eventOperations } from './logs/events.ts';
import { groupOperations } from './logs/groups.ts';
import { metricFilterOperations } from './logs/metric-filters.ts';
import { resourcePolicies } from './logs/resource-policies.ts';
import { logStore } from './logs/store.ts';
import { subscriptionFilterOperations } from './logs/subscription-filters.ts';

declare module '../world.ts' {
  interface Services {
    logs: ReturnType<typeof logService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-cloudwatch-logs')],
  start: logService,
} satisfies ServiceModule;

function logService(world: World) {
  const store = logStore(world);
  const policies = resourcePolicies(world);
  const checkKey = keyChecks(world);
  return {
    operations: {
      ...groupOperations(store, checkKey),
      ...encrypting(store, checkKey),
      ...eventOperations(store),
      ...metricFilterOperations(store),
      ...subscriptionFilterOperations(store),
      ...policies.operations,
    },
    resources: (_operation: string, input: Named) => {
      const reference = input.logGroupName ?? input.logGroupIdentifier ?? input.resourceArn;
      if (reference === undefined) return ['*'];
      const group = reference.startsWith('arn:') ? reference.replace(/:\*$/, '') : store.arn(reference);
      return [`${group}:${input.logStreamName === undefined ? '*' : `log-stream:${input.logStreamName}`}`];
    },
    resourcePolicy: policies.document,
    append: store.append,
    /** For `GET /_spillway/state`. */
    state: () => ({
      groups: [...store.groups.values()].map(({ name, streams, bytes }) => ({
        name,
        streams: streams.size,
        bytes,
      })),
    }),
  } satisfies Service & Record<string, unknown>;
}

interface Named {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamName?: string;
  resourceArn?: string;
}
