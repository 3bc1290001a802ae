import type { World } from '../../world.ts';
import { checkArn, invalid, notFound } from './errors.ts';
import type { Filter } from './filter.ts';
import { keptTopic, topicFrom, type KeptTopic } from './kept.ts';
import { remembered, type Remembered } from '../sqs/remembered.ts';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly fifo: boolean;
  /** As given, without what is derived. */
  attributes: Record<string, string>;
  readonly tags: Map<string, string>;
  /** By ARN, in the order of subscribing. */
  readonly subscriptions: Map<string, Subscription>;
  /** How many were removed so far. */
  deleted: number;
  /** What was published in the last five minutes, by deduplication id. FIFO topics only. */
  readonly duplicates: Remembered<{ MessageId: string; SequenceNumber: string }>;
}

export interface Subscription {
  readonly arn: string;
  readonly topic: Topic;
  readonly protocol: 'sqs' | 'lambda' | 'email' | 'email-json';
  readonly endpoint: string;
  /** ARN of who subscribed. */
  readonly principal: string;
  /** Nobody clicks the link in an e-mail that is never sent. */
  readonly pending: boolean;
  attributes: Record<string, string>;
  /** @default every message passes */
  filter: Filter | undefined;
  /** Deliveries in order. FIFO topics only. */
  last: Promise<void>;
}

/** The topics of the account. */
export interface Topics {
  /** Throws InvalidParameter and NotFound. */
  at(arn: string | undefined, parameter?: string): Topic;
  of(arn: string): Topic | undefined;
  all(): Topic[];
  /** A new topic, with all attributes checked. */
  add(name: string, attributes: Record<string, string>, tags: Map<string, string>): Topic;
  remove(topic: Topic): void;
  arn(name: string): string;
  /** Throws InvalidParameter and NotFound. */
  subscription(arn: string | undefined): Subscription;
}

export function topicsOf({ account, region, clock, durable }: World): Topics {
  const topics = new Map<string, Topic>();
  const duplicatesOf = (name: string): Topic['duplicates'] =>
    remembered(FIVE_MINUTES, clock.now, durable?.shelf(`sns/duplicates/${name}`));
  durable?.map('sns/topics', topics, {
    store: keptTopic,
    load: (kept: KeptTopic) => topicFrom(kept, duplicatesOf(kept.name)),
  });
  const arn = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

  return {
    at(arn, parameter = 'TopicArn') {
      checkArn(parameter, arn);
      if (arn.split(':')[3] !== region) throw invalid(parameter);
      const topic = topics.get(arn);
      if (!topic) throw notFound('Topic');
      return topic;
    },
    of: (arn) => topics.get(arn),
    all: () => [...topics.values()],
    add(name, attributes, tags) {
      const topic: Topic = {
        arn: arn(name),
        name,
        fifo: name.endsWith('.fifo'),
        attributes,
        tags,
        subscriptions: new Map(),
        deleted: 0,
        duplicates: duplicatesOf(name),
      };
      topics.set(topic.arn, topic);
      return topic;
    },
    remove(topic) {
      topics.delete(topic.arn);
      topic.duplicates.clear();
    },
    arn,
    subscription(arn) {
      checkArn('SubscriptionArn', arn);
      const elements = arn.split(':');
      if (elements.length !== 7) throw invalid('SubscriptionId');
      const found = topics.get(elements.slice(0, 6).join(':'))?.subscriptions.get(arn);
      if (!found) throw notFound('Subscription');
      return found;
    },
  };
}

/** https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html */
const FIVE_MINUTES = 5 * 60_000;
