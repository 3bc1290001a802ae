/** What of a topic outlives the process. */
import { invalid } from './errors.ts';
import { setAttributes } from './subscription-attributes.ts';
import type { Subscription, Topic } from './topic.ts';

export interface KeptTopic extends Omit<Topic, 'subscriptions' | 'duplicates'> {
  subscriptions: Omit<Subscription, 'topic' | 'filter' | 'last'>[];
}

export const keptTopic = ({ subscriptions, duplicates: _duplicates, ...topic }: Topic): KeptTopic => ({
  ...topic,
  subscriptions: Array.from(
    subscriptions.values(),
    ({ topic: _topic, filter: _filter, last: _last, ...subscription }) => subscription,
  ),
});

export function topicFrom({ subscriptions, ...kept }: KeptTopic, duplicates: Topic['duplicates']): Topic {
  const topic: Topic = { ...kept, subscriptions: new Map(), duplicates };
  for (const each of subscriptions) {
    const subscription: Subscription = { ...each, topic, filter: undefined, last: Promise.resolve() };
    setAttributes(subscription, {}, invalid);
    topic.subscriptions.set(subscription.arn, subscription);
  }
  return topic;
}
