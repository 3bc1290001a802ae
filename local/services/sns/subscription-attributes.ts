import type * as SNS from '@aws-sdk/client-sns';
import type { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkSubscriptionAttributes } from './attributes.ts';
import { invalid } from './errors.ts';
import { filterOf } from './filter.ts';
import { paged } from './page.ts';
import type { Subscription, Topics } from './topic.ts';

/** What is known of subscriptions: GetSubscriptionAttributes, SetSubscriptionAttributes and the two lists. */
export const describing = (topics: Topics, { account }: World) => ({
  GetSubscriptionAttributes({ SubscriptionArn }: SNS.GetSubscriptionAttributesCommandInput) {
    const found = topics.subscription(SubscriptionArn);
    const { attributes } = found;
    return {
      Attributes: {
        RawMessageDelivery: 'false',
        ...attributes,
        ...(attributes.FilterPolicy && {
          FilterPolicyScope: attributes.FilterPolicyScope ?? 'MessageAttributes',
        }),
        ConfirmationWasAuthenticated: String(!found.pending),
        Endpoint: found.endpoint,
        Owner: account,
        PendingConfirmation: String(found.pending),
        Protocol: found.protocol,
        SubscriptionArn: found.arn,
        SubscriptionPrincipal: found.principal,
        TopicArn: found.topic.arn,
      },
    } satisfies Answer<SNS.GetSubscriptionAttributesCommandOutput>;
  },

  SetSubscriptionAttributes(input: SNS.SetSubscriptionAttributesCommandInput) {
    const { SubscriptionArn, AttributeName = '', AttributeValue = '' } = input;
    const subscription = topics.subscription(SubscriptionArn);
    const given = { [AttributeName]: AttributeValue };
    checkSubscriptionAttributes(given, subscription.topic.fifo, invalid);
    setAttributes(subscription, given, invalid);
    return {} satisfies Answer<SNS.SetSubscriptionAttributesCommandOutput>;
  },

  ListSubscriptions({ NextToken }: SNS.ListSubscriptionsCommandInput) {
    const all = topics.all().flatMap(({ subscriptions }) => [...subscriptions.values()]);
    return listed(all, NextToken, account) satisfies Answer<SNS.ListSubscriptionsCommandOutput>;
  },

  ListSubscriptionsByTopic({ TopicArn, NextToken }: SNS.ListSubscriptionsByTopicCommandInput) {
    const all = [...topics.at(TopicArn).subscriptions.values()];
    return listed(all, NextToken, account) satisfies Answer<SNS.ListSubscriptionsByTopicCommandOutput>;
  },
});

/** Takes in attributes that were checked, an empty value as a removal, and reads the filter policy anew. */
export function setAttributes(
  subscription: Subscription,
  given: Record<string, string>,
  refused: (what: string) => AwsError,
): void {
  const after = { ...subscription.attributes, ...given };
  for (const [name, value] of Object.entries(after)) if (value === '') delete after[name];
  const { FilterPolicy = '', FilterPolicyScope = 'MessageAttributes' } = after;
  subscription.filter = filterOf(FilterPolicy, FilterPolicyScope, refused);
  if (!subscription.filter) delete after.FilterPolicy;
  subscription.attributes = after;
}

function listed(subscriptions: Subscription[], token: string | undefined, account: string) {
  const { page, next } = paged(subscriptions, token);
  return {
    Subscriptions: page.map(({ arn, endpoint, protocol, topic, pending }) => ({
      SubscriptionArn: pending ? 'PendingConfirmation' : arn,
      Owner: account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topic.arn,
    })),
    NextToken: next,
  };
}
