import type * as Lambda from '@aws-sdk/client-lambda';
import type { Answer } from '../../../service.ts';
import { paged } from '../paging.ts';
import { conflict, notFound, type Registry } from '../registry.ts';
import { sessionOf } from '../role.ts';
import type { Invoke } from '../run.ts';
import { checked, sourceOf, STREAM_DEFAULTS } from './check.ts';
import type { Configuration, Mapping, Poller, Target } from './mapping.ts';
import { sqsPoller } from './sqs.ts';
import { streamPoller } from './stream.ts';

/** Event source mappings: made, described, changed, deleted; each enabled one has a poller. */
export function eventSourceMappings(registry: Registry, invoke: Invoke) {
  const { world, host, resolved } = registry;
  const mappings = new Map<string, Mapping & { poller: Poller | undefined }>();

  const targetOf = ({ FunctionArn }: Configuration): Target => ({
    atOnce: host.atOnce,
    invoke: (event) =>
      invoke(resolved(FunctionArn), { requestId: world.random.uuid(), payload: JSON.stringify(event) }),
    session() {
      const { fn, revision } = resolved(FunctionArn);
      return sessionOf(world, revision.configuration.Role, fn.name);
    },
    timeoutMs: () => resolved(FunctionArn).revision.hosted.timeoutMs,
    version: () => resolved(FunctionArn).revision.configuration.Version,
  });
  const start = (mapping: Mapping, enabled: boolean) => {
    mapping.configuration.State = enabled ? 'Enabled' : 'Disabled';
    const { configuration } = mapping;
    const poll = sourceOf(configuration.EventSourceArn) === 'queue' ? sqsPoller : streamPoller;
    const poller = enabled ? poll(world, mapping, targetOf(configuration)) : undefined;
    mappings.set(mapping.configuration.UUID, { ...mapping, poller });
  };
  const mappingOf = (UUID = '') => {
    const mapping = mappings.get(UUID);
    if (!mapping) throw notFound('The resource you requested does not exist.');
    return mapping;
  };
  const whole = (configuration: Configuration) =>
    ({
      ...configuration,
      LastModified: new Date(world.clock.now()),
      StateTransitionReason: 'USER_INITIATED',
    }) as const;

  return {
    operations: {
      async CreateEventSourceMapping(input: Lambda.CreateEventSourceMappingCommandInput) {
        const { Enabled = true } = input;
        const UUID = world.random.uuid();
        const mapping = await checked(registry, input, {
          ...(sourceOf(input.EventSourceArn ?? '') === 'stream' && STREAM_DEFAULTS),
          UUID,
          EventSourceMappingArn: `arn:aws:lambda:${world.region}:${world.account}:event-source-mapping:${UUID}`,
        });
        for (const { configuration } of mappings.values())
          if (
            configuration.EventSourceArn === input.EventSourceArn &&
            configuration.FunctionArn === mapping.configuration.FunctionArn
          )
            throw alreadyExists(configuration, input.FunctionName);
        mapping.configuration = whole(mapping.configuration);
        start(mapping, Enabled);
        return {
          ...mapping.configuration,
          State: Enabled ? 'Creating' : 'Disabled',
        } satisfies Answer<Lambda.CreateEventSourceMappingCommandOutput>;
      },

      GetEventSourceMapping({ UUID }: Lambda.GetEventSourceMappingCommandInput) {
        return {
          ...mappingOf(UUID).configuration,
        } satisfies Answer<Lambda.GetEventSourceMappingCommandOutput>;
      },

      async UpdateEventSourceMapping(input: Lambda.UpdateEventSourceMappingCommandInput) {
        const { poller, configuration } = mappingOf(input.UUID);
        const enabled = input.Enabled ?? configuration.State === 'Enabled';
        const mapping = await checked(
          registry,
          { ...input, EventSourceArn: configuration.EventSourceArn },
          configuration,
        );
        mapping.configuration = whole(mapping.configuration);
        poller?.stop();
        start(mapping, enabled);
        return {
          ...mapping.configuration,
          State: transition(poller !== undefined, enabled),
        } satisfies Answer<Lambda.UpdateEventSourceMappingCommandOutput>;
      },

      DeleteEventSourceMapping({ UUID }: Lambda.DeleteEventSourceMappingCommandInput) {
        const { configuration, poller } = mappingOf(UUID);
        poller?.stop();
        mappings.delete(configuration.UUID);
        return {
          ...configuration,
          State: 'Deleting',
        } satisfies Answer<Lambda.DeleteEventSourceMappingCommandOutput>;
      },

      ListEventSourceMappings({
        EventSourceArn,
        FunctionName,
        Marker,
        MaxItems,
      }: Lambda.ListEventSourceMappingsCommandInput) {
        const arn = FunctionName === undefined ? undefined : resolved(FunctionName).arn;
        const all = [...mappings.values()]
          .map(({ configuration }) => configuration)
          .filter(
            (one) =>
              (EventSourceArn ?? one.EventSourceArn) === one.EventSourceArn &&
              (arn ?? one.FunctionArn) === one.FunctionArn,
          );
        const { page, next } = paged(all, Marker, MaxItems ?? 100);
        return {
          EventSourceMappings: page,
          ...next,
        } satisfies Answer<Lambda.ListEventSourceMappingsCommandOutput>;
      },
    },
    stop() {
      for (const { poller } of mappings.values()) poller?.stop();
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
