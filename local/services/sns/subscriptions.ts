import type * as SNS from '@aws-sdk/client-sns';
import { notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkSubscriptionAttributes } from './attributes.ts';
import { checkArn, invalid } from './errors.ts';
import { setAttributes } from './subscription-attributes.ts';
import type { Subscription, Topic, Topics } from './topic.ts';

/** Subscribe, ConfirmSubscription and Unsubscribe. */
export const subscribing = (topics: Topics, { random }: World) => ({
  Subscribe(input: SNS.SubscribeCommandInput, { principal }: Call) {
    const { TopicArn, Protocol = '', Endpoint = '', Attributes = {}, ReturnSubscriptionArn } = input;
    const topic = topics.at(TopicArn);
    const protocol = checkedEndpoint(topic, Protocol, Endpoint);
    checkSubscriptionAttributes(Attributes, topic.fifo, refused);
    const same = [...topic.subscriptions.values()].find(
      (other) => other.protocol === protocol && other.endpoint === Endpoint,
    );
    if (same) checkSame(same, Attributes);
    const subscription: Subscription = same ?? {
      arn: `${topic.arn}:${random.uuid()}`,
      topic,
      protocol,
      endpoint: Endpoint,
      principal: principal.arn,
      pending: protocol.startsWith('email'),
      attributes: {},
      filter: undefined,
      last: Promise.resolve(),
    };
    if (!same) setAttributes(subscription, Attributes, refused);
    topic.subscriptions.set(subscription.arn, subscription);
    const shown = subscription.pending && !ReturnSubscriptionArn ? 'pending confirmation' : subscription.arn;
    return { SubscriptionArn: shown } satisfies Answer<SNS.SubscribeCommandOutput>;
  },

  /** No e-mail is sent, so no token is right. */
  ConfirmSubscription({ TopicArn }: SNS.ConfirmSubscriptionCommandInput): never {
    topics.at(TopicArn);
    throw invalid('Token');
  },

  Unsubscribe({ SubscriptionArn }: SNS.UnsubscribeCommandInput) {
    checkArn('SubscriptionArn', SubscriptionArn);
    const elements = SubscriptionArn.split(':');
    if (elements.length !== 7) throw invalid('SubscriptionId');
    const topic = topics.of(elements.slice(0, 6).join(':'));
    if (topic?.subscriptions.delete(SubscriptionArn)) topic.deleted++;
    return {} satisfies Answer<SNS.UnsubscribeCommandOutput>;
  },
});

const refused = (what: string) => invalid(`Attributes Reason: ${what}`);

function checkedEndpoint({ fifo }: Topic, protocol: string, endpoint: string): Subscription['protocol'] {
  switch (protocol) {
    case 'sqs':
      if (!/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(endpoint)) throw invalid('SQS endpoint ARN');
      if (!fifo && endpoint.endsWith('.fifo'))
        throw invalid(
          'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
        );
      return protocol;
    case 'lambda':
      if (!/^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+$/.test(endpoint)) throw invalid('Lambda endpoint ARN');
      if (fifo) throw invalid(`Endpoint Reason: FIFO SNS Topics can not be subscribed by ${protocol}`);
      return protocol;
    case 'email':
    case 'email-json':
      if (!endpoint.includes('@')) throw invalid('Email address');
      if (fifo) throw invalid(`Endpoint Reason: FIFO SNS Topics can not be subscribed by ${protocol}`);
      return protocol;
    case 'http':
    case 'https':
    case 'sms':
    case 'application':
    case 'firehose':
      throw notModelled(`subscriptions by ${protocol}`);
    default:
      throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
}

/** Subscribe may be repeated, as long as it says nothing else. */
function checkSame({ attributes }: Subscription, given: Record<string, string>): void {
  for (const [name, value] of Object.entries(given))
    if (attributes[name] !== value)
      throw invalid('Attributes Reason: Subscription already exists with different attributes');
}
