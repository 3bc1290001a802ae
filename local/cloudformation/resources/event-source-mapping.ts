import type { Tag } from '@aws-sdk/client-cloudformation';
import { mapOfTags } from '../tags.ts';
import type { ResourceTypes } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface EventSourceMapping extends Dictionary {
  StartingPositionTimestamp?: number;
  Tags?: Tag[];
}

export default {
  'AWS::Lambda::EventSourceMapping': {
    async create({ Tags, StartingPositionTimestamp: from, ...properties }: EventSourceMapping, site) {
      const { UUID, EventSourceMappingArn } = await site.call<{
        UUID: string;
        EventSourceMappingArn?: string;
      }>('lambda', 'CreateEventSourceMapping', {
        ...properties,
        ...(from === undefined ? {} : { StartingPositionTimestamp: new Date(from * 1000) }),
        Tags: mapOfTags(site.tags(Tags)),
      });
      return { id: UUID, attributes: { Id: UUID, EventSourceMappingArn } };
    },

    async update(before, properties: EventSourceMapping, site, previous: EventSourceMapping) {
      const changeable = Object.fromEntries(Object.entries(properties).filter(([name]) => !FIXED.has(name)));
      const removed = Object.keys(previous).filter((name) => !(name in properties) && name in WHEN_REMOVED);
      await site.call('lambda', 'UpdateEventSourceMapping', {
        ...Object.fromEntries(removed.map((name) => [name, WHEN_REMOVED[name]])),
        ...changeable,
        UUID: before.id,
      });
      return before;
    },

    async delete({ id: UUID }, site) {
      await site.call('lambda', 'DeleteEventSourceMapping', { UUID });
    },
  },
} satisfies ResourceTypes;

/** UpdateEventSourceMapping does not take these. */
const FIXED = new Set([
  'EventSourceArn',
  'StartingPosition',
  'StartingPositionTimestamp',
  'SelfManagedEventSource',
  'Tags',
  'Queues',
  'Topics',
]);

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
const WHEN_REMOVED: Dictionary = {
  Enabled: true,
  FilterCriteria: { Filters: [] },
  FunctionResponseTypes: [],
  ScalingConfig: {},
  DestinationConfig: {},
  MaximumBatchingWindowInSeconds: 0,
  BisectBatchOnFunctionError: false,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
};
