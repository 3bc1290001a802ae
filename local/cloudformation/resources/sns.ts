import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { same, textOf, type Dictionary } from '../values.ts';

interface Topic extends Dictionary {
  TopicName?: string;
  FifoTopic?: boolean;
  Subscription?: { Endpoint: string; Protocol: string }[];
  Tags?: Tag[];
}

interface TopicPolicy {
  Topics: string[];
  PolicyDocument: Dictionary;
}

interface Subscription extends Dictionary {
  TopicArn: string;
  Protocol: string;
  Endpoint?: string;
}

export default {
  'AWS::SNS::Topic': {
    name: 'TopicName',

    async create(properties: Topic, site) {
      const { FifoTopic = false, Subscription = [] } = properties;
      const Name = site.name(properties.TopicName, { longest: 256, suffix: FifoTopic ? '.fifo' : '' });
      const { TopicArn } = await site.call<{ TopicArn: string }>('sns', 'CreateTopic', {
        Name,
        Attributes: { ...(FifoTopic ? { FifoTopic: 'true' } : {}), ...attributesOf(properties) },
        Tags: site.tags(properties.Tags),
      });
      site.made({ id: TopicArn });
      for (const { Protocol, Endpoint } of Subscription)
        await site.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint });
      return { id: TopicArn, attributes: { TopicArn, TopicName: Name } };
    },

    async update(before, properties: Topic, site, previous: Topic) {
      if (!same(properties.Subscription, previous.Subscription))
        throw notModelled('changing the Subscription of a topic; use AWS::SNS::Subscription');
      await setAttributes(
        'SetTopicAttributes',
        { TopicArn: before.id },
        attributesOf(properties),
        attributesOf(previous),
        site,
      );
      await retag(properties.Tags, previous.Tags, site, {
        untag: (keys) => site.call('sns', 'UntagResource', { ResourceArn: before.id, TagKeys: keys }),
        tag: (tags) => site.call('sns', 'TagResource', { ResourceArn: before.id, Tags: tags }),
      });
      return before;
    },

    async delete({ id: TopicArn }, site) {
      await site.call('sns', 'DeleteTopic', { TopicArn });
    },
  },

  'AWS::SNS::TopicPolicy': {
    async create(properties: TopicPolicy, site) {
      await setPolicies(properties, site);
      const Id = site.name(undefined, { longest: 128 });
      return { id: Id, attributes: { Id } };
    },

    async update(before, properties: TopicPolicy, site) {
      await setPolicies(properties, site);
      return before;
    },

    /** A topic cannot be without a policy; it usually goes in the same breath. */
    async delete() {},
  },

  'AWS::SNS::Subscription': {
    async create({ TopicArn, Protocol, Endpoint, ...properties }: Subscription, site) {
      const { SubscriptionArn } = await site.call<{ SubscriptionArn: string }>('sns', 'Subscribe', {
        TopicArn,
        Protocol,
        Endpoint,
        Attributes: subscribed(properties),
        ReturnSubscriptionArn: true,
      });
      return { id: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
    },

    async update(before, properties: Subscription, site, previous: Subscription) {
      const named = { SubscriptionArn: before.id };
      await setAttributes(
        'SetSubscriptionAttributes',
        named,
        subscribed(properties),
        subscribed(previous),
        site,
      );
      return before;
    },

    async delete({ id: SubscriptionArn }, site) {
      await site.call('sns', 'Unsubscribe', { SubscriptionArn });
    },
  },
} satisfies ResourceTypes;

type Attributes = Record<string, string>;

function attributesOf({
  TopicName: _name,
  FifoTopic: _fifo,
  Subscription: _subscription,
  Tags: _tags,
  ...rest
}: Topic): Attributes {
  if (rest['DeliveryStatusLogging'] !== undefined) throw notModelled('DeliveryStatusLogging of a topic');
  if (rest['DataProtectionPolicy'] !== undefined) throw notModelled('DataProtectionPolicy of a topic');
  return texts(rest);
}

function subscribed({
  TopicArn: _topic,
  Protocol: _protocol,
  Endpoint: _endpoint,
  Region,
  ...attributes
}: Dictionary): Attributes {
  if (Region !== undefined) throw notModelled('subscriptions to topics of other regions');
  return texts(attributes);
}

const texts = (values: Dictionary): Attributes =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));

/** One attribute a call, as SNS wants it; what is gone is set to nothing. */
async function setAttributes(
  operation: 'SetTopicAttributes' | 'SetSubscriptionAttributes',
  named: object,
  after: Attributes,
  before: Attributes,
  site: Site,
): Promise<void> {
  for (const AttributeName of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (before[AttributeName] !== after[AttributeName])
      await site.call('sns', operation, {
        ...named,
        AttributeName,
        AttributeValue: after[AttributeName] ?? '',
      });
}

async function setPolicies({ Topics, PolicyDocument }: TopicPolicy, site: Site): Promise<void> {
  const AttributeValue = JSON.stringify(PolicyDocument);
  for (const TopicArn of Topics)
    await site.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
}
