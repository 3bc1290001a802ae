/** Amazon EventBridge (the classic product: buses, rules, targets, archives, replays). */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { buses as allBuses, type Bus } from './events/bus.ts';
import { busOperations } from './events/event-buses.ts';
import { deliveries } from './events/delivery.ts';
import type { Envelope } from './events/event.ts';
import { metricsOf } from './events/metrics.ts';
import { putEvents } from './events/put-events.ts';
import { resourcesOf } from './events/resources.ts';
import { matching } from './events/routing.ts';
import { ruleOperations } from './events/rules.ts';
import { defaults } from './events/settings.ts';
import { tagOperations } from './events/tags.ts';
import { targetOperations } from './events/targets.ts';

declare module '../world.ts' {
  interface Services {
    events: Events;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-eventbridge')],
  start: events,
} satisfies ServiceModule;

type Events = ReturnType<typeof events>;

function events(world: World) {
  const settings = defaults();
  const metrics = metricsOf(world);
  const buses = allBuses(world);
  const deliver = deliveries(world, settings, metrics);

  const route = (bus: Bus, event: Envelope) => {
    for (const rule of matching(bus, event)) {
      metrics.rule(rule, 'MatchedEvents');
      metrics.rule(rule, 'TriggeredRules');
      deliver(rule, event);
    }
  };

  const operations = {
    PutEvents: putEvents(world, buses, { route, count: metrics.account }),
    ...busOperations(world, buses),
    ...ruleOperations(world, buses, ignored),
    ...targetOperations(buses, ignored),
    ...tagOperations(buses),
  };

  return {
    operations,
    resources: resourcesOf(world, buses),
    resourcePolicy: (arn: string) => {
      const policy = buses.find(arn)?.policy;
      return policy && JSON.stringify(policy);
    },
    /** Where AWS publishes nothing; may be changed at any time. */
    settings,
  } satisfies Service & { settings: object };
}

const ignored = () => {};
