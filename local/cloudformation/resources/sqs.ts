import { mapOfTags, retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { textOf, type Dictionary } from '../values.ts';
import type { Tag } from '@aws-sdk/client-cloudformation';

interface Queue extends Dictionary {
  QueueName?: string;
  FifoQueue?: boolean;
  Tags?: Tag[];
}

interface QueuePolicy {
  PolicyDocument: Dictionary | string;
  Queues: string[];
}

export default {
  'AWS::SQS::Queue': {
    name: 'QueueName',

    async create(properties: Queue, site) {
      const fifo = properties.FifoQueue ?? false;
      const QueueName = site.name(properties.QueueName, { longest: 80, suffix: fifo ? '.fifo' : '' });
      const { QueueUrl } = await site.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
        QueueName,
        Attributes: { ...(fifo ? { FifoQueue: 'true' } : {}), ...attributesOf(properties) },
        tags: mapOfTags(site.tags(properties.Tags)),
      });
      const Arn = `arn:aws:sqs:${site.region}:${site.account}:${QueueName}`;
      return { id: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
    },

    async update({ id: QueueUrl, attributes }, properties: Queue, site, previous: Queue) {
      const removed = Object.keys(previous).filter((name) => !(name in properties) && name in WHEN_REMOVED);
      const reset = Object.fromEntries(removed.map((name) => [name, WHEN_REMOVED[name]!]));
      await site.call('sqs', 'SetQueueAttributes', {
        QueueUrl,
        Attributes: { ...reset, ...attributesOf(properties) },
      });
      await retag(properties.Tags, previous.Tags, site, {
        untag: (keys) => site.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: keys }),
        tag: (tags) => site.call('sqs', 'TagQueue', { QueueUrl, Tags: mapOfTags(tags) }),
      });
      return { id: QueueUrl, attributes };
    },

    async delete({ id: QueueUrl }, site) {
      await site.call('sqs', 'DeleteQueue', { QueueUrl });
    },
  },

  'AWS::SQS::QueuePolicy': {
    async create(properties: QueuePolicy, site) {
      await setPolicies(properties.Queues, properties.PolicyDocument, site);
      const Id = site.name(undefined, { longest: 128 });
      return { id: Id, attributes: { Id } };
    },

    async update(before, { Queues, PolicyDocument }: QueuePolicy, site, previous: QueuePolicy) {
      await setPolicies(Queues, PolicyDocument, site);
      await setPolicies(
        previous.Queues.filter((url) => !Queues.includes(url)),
        '',
        site,
      );
      return before;
    },

    async delete(_resource, site, { Queues }: QueuePolicy) {
      await setPolicies(Queues, '', site);
    },
  },
} satisfies ResourceTypes;

/**
 * What a queue is set back to when the template no longer says anything: not what a new queue would get. Recorded
 * against AWS on 2026-01-14 (LocalStack's test_update_standard_queue_remove_some_properties); a FIFO queue's
 * DeduplicationScope and FifoThroughputLimit stay as they are.
 */
const WHEN_REMOVED: Record<string, string> = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  ContentBasedDeduplication: 'false',
  SqsManagedSseEnabled: 'false',
  RedrivePolicy: '',
  RedriveAllowPolicy: '',
  KmsMasterKeyId: '',
  KmsDataKeyReusePeriodSeconds: '300',
};

function attributesOf(properties: Queue): Record<string, string> {
  const { QueueName: _name, Tags: _tags, FifoQueue: _fifo, ...attributes } = properties;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, textOf(value)]));
}

async function setPolicies(queues: string[], policy: Dictionary | string, site: Site): Promise<void> {
  const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
  for (const QueueUrl of queues)
    await site.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}
