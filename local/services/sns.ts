/** Amazon Simple Notification Service: topics with queues, functions and (silent) e-mail addresses. */
import { AwsError } from '../errors.ts';
import type { Service, ServiceModule } from '../service.ts';
import { nullValues } from '../wire/required.ts';
import type { World } from '../world.ts';
import { invalid } from './sns/errors.ts';
import { effectivePolicy, permitting } from './sns/policy.ts';
import { publishing } from './sns/publish.ts';
import { describing } from './sns/subscription-attributes.ts';
import { subscribing } from './sns/subscriptions.ts';
import { tagging } from './sns/tags.ts';
import { topicsOf } from './sns/topic.ts';
import { managing } from './sns/topics.ts';

declare module '../world.ts' {
  interface Services {
    sns: ReturnType<typeof notificationService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-sns')],
  missing(paths) {
    const nested = paths.filter((path) => path.includes('.'));
    if (nested.length > 0) return new AwsError('ValidationError', nullValues(nested).message);
    const name = paths[0]!;
    return invalid(`${name[0]!.toUpperCase()}${name.slice(1)} Reason: no value for required parameter`);
  },
  start: notificationService,
} satisfies ServiceModule;

interface Named {
  TopicArn?: string;
  TargetArn?: string;
  ResourceArn?: string;
  SubscriptionArn?: string;
  Name?: string;
}

function notificationService(world: World) {
  const topics = topicsOf(world);

  return {
    operations: {
      ...managing(topics, world),
      ...subscribing(topics, world),
      ...describing(topics, world),
      ...publishing(topics, world),
      ...permitting(topics, world),
      ...tagging(topics),
    },
    resources: (_operation: string, { TopicArn, TargetArn, ResourceArn, SubscriptionArn, Name }: Named) => [
      TopicArn ??
        TargetArn ??
        ResourceArn ??
        SubscriptionArn?.split(':').slice(0, 6).join(':') ??
        (Name === undefined ? '*' : topics.arn(Name)),
    ],
    resourcePolicy(arn: string) {
      const topic = topics.of(arn);
      return topic && effectivePolicy(topic, world.account);
    },
    /** Subscriptions of each topic. */
    state: () =>
      Object.fromEntries(topics.all().map(({ name, subscriptions }) => [name, subscriptions.size])),
  } satisfies Service & object;
}
