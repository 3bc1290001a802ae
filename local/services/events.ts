/** Amazon EventBridge (the classic product: buses, rules, targets, API destinations, archives, replays). */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Answer, Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { apiDestinationsOf } from './events/api-destination.ts';
import { apiDestinationOperations } from './events/api-destinations.ts';
import { archiveOperations } from './events/archive-operations.ts';
import { archives as allArchives } from './events/archive.ts';
import { buses as allBuses, invalid, type Bus, type Rule } from './events/bus.ts';
import { busOperations } from './events/event-buses.ts';
import { connectionsOf } from './events/connection.ts';
import { connectionOperations } from './events/connections.ts';
import { deliveries } from './events/delivery.ts';
import { busKeys } from './events/encryption.ts';
import type { Envelope } from './events/event.ts';
import { invokeApiDestination } from './events/invoke-api-destination.ts';
import { metricsOf } from './events/metrics.ts';
import { compilePattern } from './events/pattern/compile.ts';
import { parseExactly } from './events/pattern/numbers.ts';
import { putEvents } from './events/put-events.ts';
import { resourcesOf } from './events/resources.ts';
import { matching } from './events/routing.ts';
import { replayOperations } from './events/replay-operations.ts';
import { replays } from './events/replay.ts';
import { ruleOperations } from './events/rules.ts';
import { scheduler } from './events/scheduler.ts';
import { defaults } from './events/settings.ts';
import { tagOperations } from './events/tags.ts';
import { targetOperations } from './events/targets.ts';
import { tokensOf } from './events/tokens.ts';

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
  const deliver = deliveries(world, buses, settings, metrics);

  const archives = allArchives(world, settings);
  const connections = connectionsOf(world);
  const destinations = apiDestinationsOf(world);
  const tokens = tokensOf(world, connections);

  const fire = (rule: Rule, event: Envelope) => {
    metrics.rule(rule, 'TriggeredRules');
    deliver(rule, event);
  };
  const changed = scheduler(world, fire);
  world.durable?.onceStarted(() => {
    for (const bus of buses.all()) bus.rules.forEach(changed);
  });
  const route = (bus: Bus, event: Envelope, only?: readonly string[]) => {
    archives.keep(bus, event);
    for (const rule of matching(bus, event, only)) {
      metrics.rule(rule, 'MatchedEvents');
      fire(rule, event);
    }
  };

  const operations = {
    PutEvents: putEvents(world, buses, { keys: busKeys(world), route, count: metrics.account }),
    ...busOperations(world, buses),
    ...ruleOperations(world, buses, changed),
    ...targetOperations(world, buses, changed),
    ...tagOperations(buses),
    ...archiveOperations(world, buses, archives),
    ...replayOperations(world, buses, archives, replays(world, buses, archives, settings, route)),
    ...connectionOperations(world, connections, tokens),
    ...apiDestinationOperations(world, connections, destinations),
    InvokeApiDestination: invokeApiDestination(world, connections, destinations, tokens),
    TestEventPattern: testEventPattern,
  };

  return {
    operations,
    resources: resourcesOf(world, buses),
    resourcePolicy: (arn: string) => {
      const policy = buses.find(arn)?.policy;
      return policy && JSON.stringify(policy);
    },
    state: () => ({
      buses: Object.fromEntries(buses.all().map(({ name, rules }) => [name, { rules: rules.size }])),
      archives: archives.all().length,
    }),
    exists: (arn: string) => !arn.includes(':event-bus/') || buses.find(arn) !== undefined,
    /** Where AWS publishes nothing; may be changed at any time. */
    settings,
  } satisfies Service & { settings: object };
}

function testEventPattern({ EventPattern = '', Event = '' }: EventBridge.TestEventPatternCommandInput) {
  const pattern = compilePattern(EventPattern);
  return { Result: pattern(eventIn(Event)) } satisfies Answer<EventBridge.TestEventPatternCommandOutput>;
}

function eventIn(text: string): object {
  try {
    const event = parseExactly(text);
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event;
  } catch {
    // said below
  }
  throw invalid('Parameter Event is not valid.');
}
