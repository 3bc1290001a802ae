import type * as SNS from '@aws-sdk/client-sns';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkTopicAttributes } from './attributes.ts';
import { checkArn, invalid } from './errors.ts';
import { paged } from './page.ts';
import { defaultPolicy } from './policy.ts';
import { checkedTags } from './tags.ts';
import type { Topic, Topics } from './topic.ts';

/** CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes and SetTopicAttributes. */
export const managing = (topics: Topics, world: World) => ({
  CreateTopic({ Name = '', Attributes = {}, Tags = [], DataProtectionPolicy }: SNS.CreateTopicCommandInput) {
    if (DataProtectionPolicy !== undefined) throw invalid('DataProtectionPolicy Reason: is not modelled');
    const fifo = Attributes.FifoTopic === 'true';
    if (!(fifo ? /^[\w-]{1,251}\.fifo$/ : /^[\w-]{1,256}$/).test(Name)) throw invalid('Topic Name');
    checkTopicAttributes(Attributes, fifo, (what) => invalid(`Attributes Reason: ${what}`));
    const tags = checkedTags(Tags);
    const existing = topics.of(topics.arn(Name));
    if (existing) checkSame(existing, Attributes, tags);
    const topic = existing ?? topics.add(Name, { ...Attributes }, tags);
    return { TopicArn: topic.arn } satisfies Answer<SNS.CreateTopicCommandOutput>;
  },

  DeleteTopic({ TopicArn }: SNS.DeleteTopicCommandInput) {
    checkArn('TopicArn', TopicArn);
    const topic = topics.of(TopicArn);
    if (topic) topics.remove(topic);
    return {} satisfies Answer<SNS.DeleteTopicCommandOutput>;
  },

  ListTopics({ NextToken }: SNS.ListTopicsCommandInput) {
    const { page, next } = paged(topics.all(), NextToken);
    return {
      Topics: page.map(({ arn }) => ({ TopicArn: arn })),
      NextToken: next,
    } satisfies Answer<SNS.ListTopicsCommandOutput>;
  },

  GetTopicAttributes({ TopicArn }: SNS.GetTopicAttributesCommandInput) {
    return {
      Attributes: described(topics.at(TopicArn), world),
    } satisfies Answer<SNS.GetTopicAttributesCommandOutput>;
  },

  SetTopicAttributes({
    TopicArn,
    AttributeName = '',
    AttributeValue = '',
  }: SNS.SetTopicAttributesCommandInput) {
    const topic = topics.at(TopicArn);
    if (AttributeName === 'FifoTopic') throw invalid('AttributeName');
    const given = { [AttributeName]: AttributeValue };
    checkTopicAttributes(given, topic.fifo, (what) => invalid(what));
    topic.attributes = { ...topic.attributes, ...given };
    if (AttributeValue === '') delete topic.attributes[AttributeName];
    return {} satisfies Answer<SNS.SetTopicAttributesCommandOutput>;
  },
});

/** CreateTopic may be repeated, as long as it says nothing else. */
function checkSame(
  { attributes, tags }: Topic,
  given: Record<string, string>,
  givenTags: Map<string, string>,
) {
  for (const [name, value] of Object.entries(given))
    if ((attributes[name] ?? '') !== value)
      throw invalid('Attributes Reason: Topic already exists with different attributes');
  for (const [key, value] of givenTags)
    if (tags.get(key) !== value) throw invalid('Tags Reason: Topic already exists with different tags');
}

function described({ arn, fifo, attributes, subscriptions, deleted }: Topic, { account }: World) {
  const pending = [...subscriptions.values()].filter((subscription) => subscription.pending).length;
  return {
    Policy: defaultPolicy(arn, account),
    DisplayName: '',
    EffectiveDeliveryPolicy: DELIVERY_POLICY,
    ...(fifo && { ContentBasedDeduplication: 'false' }),
    ...attributes,
    Owner: account,
    SubscriptionsConfirmed: String(subscriptions.size - pending),
    SubscriptionsDeleted: String(deleted),
    SubscriptionsPending: String(pending),
    TopicArn: arn,
  };
}

/** About HTTP endpoints only, which are not modelled; as recorded against AWS. */
const DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});
