import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer, Call } from '../../../service.ts';
import { paged } from '../paging.ts';
import { conflict, notFound } from '../refusals.ts';
import type { Registry } from '../registry.ts';
import type { Invoke } from '../run.ts';
import { checked, patterns, sourceOf, STREAM_DEFAULTS } from './check.ts';
import type { Configuration, Mapping, Poller } from './mapping.ts';
import { forgetPosition } from './position.ts';
import { sqsPoller } from './sqs.ts';
import { streamPoller } from './stream.ts';
import { targetOf } from './target.ts';

type Running = Mapping & { poller: Poller | undefined };

/** Event source mappings: made, described, changed, deleted; each enabled one has a poller. */
export function eventSourceMappings(registry: Registry, invoke: Invoke) {
  const mappings = new Map<string, Running>();
  const { world } = registry;

  const poll = (mapping: Mapping, resumed: boolean) => {
    const { configuration } = mapping;
    const poller = sourceOf(configuration.EventSourceArn) === 'queue' ? sqsPoller : streamPoller;
    return poller(world, mapping, targetOf(registry, invoke, configuration), resumed);
  };
  const start = (mapping: Mapping, enabled: boolean) => {
    const configuration: Configuration = {
      ...mapping.configuration,
      LastModified: new Date(world.clock.now()),
      StateTransitionReason: 'USER_INITIATED',
      State: enabled ? 'Enabled' : 'Disabled',
    };
    const started = { ...mapping, configuration };
    forgetPosition(world, configuration);
    mappings.set(configuration.UUID, { ...started, poller: enabled ? poll(started, false) : undefined });
    return configuration;
  };
  world.durable?.map('lambda/mappings', mappings, {
    store: ({ configuration }) => configuration,
    load: loaded,
  });
  world.durable?.onceStarted(() => {
    for (const mapping of mappings.values())
      if (mapping.configuration.State === 'Enabled') mapping.poller = poll(mapping, true);
  });
  const mappingOf = (UUID = ''): Running => {
    const mapping = mappings.get(UUID);
    if (!mapping) throw notFound('The resource you requested does not exist.');
    return mapping;
  };

  return {
    operations: {
      ...changing(registry, mappings, mappingOf, start),
      ...describing(registry, mappings, mappingOf),
    },
    stop() {
      for (const { poller } of mappings.values()) poller?.stop();
    },
  };
}

const loaded = (configuration: Configuration): Running => ({
  configuration,
  filters: patterns(configuration.FilterCriteria?.Filters, sourceOf(configuration.EventSourceArn)),
  poller: undefined,
});

function changing(
  registry: Registry,
  mappings: Map<string, Running>,
  mappingOf: (uuid: string | undefined) => Running,
  start: (mapping: Mapping, enabled: boolean) => Configuration,
) {
  const { world } = registry;
  return {
    CreateEventSourceMapping(input: Lambda.CreateEventSourceMappingCommandInput, call: Call) {
      const { Enabled = true, EventSourceArn = '' } = input;
      const UUID = world.random.uuid();
      const mapping = checked(registry, call, input, {
        ...(sourceOf(EventSourceArn) === 'stream' && STREAM_DEFAULTS),
        UUID,
        EventSourceMappingArn: `arn:aws:lambda:${world.region}:${world.account}:event-source-mapping:${UUID}`,
      });
      const { FunctionArn } = mapping.configuration;
      for (const { configuration } of mappings.values())
        if (configuration.EventSourceArn === EventSourceArn && configuration.FunctionArn === FunctionArn)
          throw alreadyExists(configuration, input.FunctionName);
      const State = Enabled ? 'Creating' : 'Disabled';
      return {
        ...start(mapping, Enabled),
        State,
      } satisfies Answer<Lambda.CreateEventSourceMappingCommandOutput>;
    },

    UpdateEventSourceMapping(input: Lambda.UpdateEventSourceMappingCommandInput, call: Call) {
      const { poller, configuration } = mappingOf(input.UUID);
      const { EventSourceArn } = configuration;
      const enabled = input.Enabled ?? poller !== undefined;
      const mapping = checked(registry, call, { ...input, EventSourceArn }, configuration);
      poller?.stop();
      const State = transition(poller !== undefined, enabled);
      return {
        ...start(mapping, enabled),
        State,
      } satisfies Answer<Lambda.UpdateEventSourceMappingCommandOutput>;
    },

    DeleteEventSourceMapping({ UUID }: Lambda.DeleteEventSourceMappingCommandInput) {
      const { configuration, poller } = mappingOf(UUID);
      poller?.stop();
      mappings.delete(configuration.UUID);
      forgetPosition(world, configuration);
      return {
        ...configuration,
        State: 'Deleting',
      } satisfies Answer<Lambda.DeleteEventSourceMappingCommandOutput>;
    },
  };
}

function describing(
  { resolved }: Registry,
  mappings: Map<string, Running>,
  mappingOf: (uuid: string | undefined) => Running,
) {
  return {
    GetEventSourceMapping({ UUID }: Lambda.GetEventSourceMappingCommandInput) {
      return { ...mappingOf(UUID).configuration } satisfies Answer<Lambda.GetEventSourceMappingCommandOutput>;
    },

    ListEventSourceMappings(input: Lambda.ListEventSourceMappingsCommandInput) {
      const { EventSourceArn, FunctionName, Marker, MaxItems = 100 } = input;
      const arn = FunctionName === undefined ? undefined : resolved(FunctionName).arn;
      const all = [...mappings.values()]
        .map(({ configuration }) => configuration)
        .filter((one) => EventSourceArn === undefined || one.EventSourceArn === EventSourceArn)
        .filter((one) => arn === undefined || one.FunctionArn === arn);
      const { page, next } = paged(all, Marker, MaxItems);
      return {
        EventSourceMappings: page,
        ...next,
      } satisfies Answer<Lambda.ListEventSourceMappingsCommandOutput>;
    },
  };
}

const transition = (was: boolean, is: boolean) => {
  if (was === is) return 'Updating';
  return is ? 'Enabling' : 'Disabling';
};

const alreadyExists = ({ EventSourceArn, UUID }: Configuration, functionName = '') =>
  conflict(
    `An event source mapping with ${EventSourceArn.includes(':sqs:') ? 'SQS' : 'event source'} arn (" ${EventSourceArn} ") and function (" ${functionName.split(':').at(-1)} ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
  );
