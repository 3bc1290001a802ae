import { tasks } from '../../durability/tasks.ts';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { envelope, lambdaEvent, textFor } from './envelope.ts';
import type { Message } from './message.ts';
import { metersOf } from './meters.ts';
import type { Subscription, Topic, Topics } from './topic.ts';

/** Brings a message to every subscription that wants it. */
export function delivering(topics: Topics, world: World): (topic: Topic, message: Message) => void {
  const { clock } = world;
  const meters = metersOf(world);
  const { attempt, giveUp } = endpoints(world, meters);

  const deliver = async (delivery: Delivery, keep: () => void) => {
    const { subscription, message } = delivery;
    if (delivery.due !== undefined) await clock.sleep(delivery.due - clock.now());
    for (; ; delivery.tries++) {
      const error = await attempt(subscription, message).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (error === undefined) return meters(subscription.topic.name).NumberOfNotificationsDelivered(1);
      const pause = pauseAfter(delivery.tries);
      if (!mayPass(error) || pause === undefined) return giveUp(subscription, message);
      if (pause === 0) continue;
      delivery.due = clock.now() + pause;
      keep();
      await clock.sleep(pause);
    }
  };
  const begin = tasks(
    world,
    'sns/deliveries',
    (delivery: Delivery, keep) => {
      const { subscription } = delivery;
      if (!subscription.topic.fifo) return deliver(delivery, keep);
      return (subscription.last = subscription.last.then(() => deliver(delivery, keep)));
    },
    deliveryOf(topics),
  );

  return (topic, message) => {
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.pending) continue;
      if (isWanted(subscription, message)) begin({ subscription, message, tries: 0 });
      else filteredOut(meters(topic.name), subscription, message);
    }
  };
}

type Meters = ReturnType<typeof metersOf>;

/** Queues and functions, called as `sns.amazonaws.com` on behalf of the topic. */
function endpoints(world: World, meters: Meters) {
  const as = ({ topic }: Subscription) => servicePrincipal(world.account, 'sns.amazonaws.com', topic.arn);
  const send = (subscription: Subscription, message: Message, queueArn: string) => {
    const [, , , , owner, name] = queueArn.split(':');
    const input = { QueueUrl: `/${owner}/${name}`, ...queueMessage(subscription, message, queueArn) };
    return world.call(as(subscription), 'sqs', 'SendMessage', input);
  };
  return {
    attempt: (subscription: Subscription, message: Message): Promise<unknown> =>
      subscription.protocol === 'lambda'
        ? world.call(as(subscription), 'lambda', 'Invoke', {
            FunctionName: subscription.endpoint,
            InvocationType: 'Event',
            Payload: Buffer.from(lambdaEvent(message, subscription)),
          })
        : send(subscription, message, subscription.endpoint),

    /** What the endpoint refuses for good, and what it refuses for weeks, goes to the dead-letter queue if there is one. */
    async giveUp(subscription: Subscription, message: Message): Promise<void> {
      const told = meters(subscription.topic.name);
      told.NumberOfNotificationsFailed(1);
      const policy = subscription.attributes.RedrivePolicy;
      if (policy === undefined) return;
      const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
      await send(subscription, message, deadLetterTargetArn).then(
        () => told.NumberOfNotificationsRedrivenToDlq(1),
        () => told.NumberOfNotificationsFailedToRedriveToDlq(1),
      );
    },
  };
}

const isWanted = (subscription: Subscription, message: Message): boolean =>
  !subscription.filter || subscription.filter(textFor(message, subscription), message.attributes);

/** https://aws.amazon.com/blogs/compute/monitoring-your-amazon-sns-message-filtering-activity-with-amazon-cloudwatch */
function filteredOut(told: ReturnType<Meters>, { attributes }: Subscription, message: Message): void {
  told.NumberOfNotificationsFilteredOut(1);
  if (attributes.FilterPolicyScope !== 'MessageBody' && Object.keys(message.attributes).length === 0)
    told['NumberOfNotificationsFilteredOut-NoMessageAttributes'](1);
}

/** A message on its way to one subscription. */
interface Delivery {
  subscription: Subscription;
  message: Message;
  tries: number;
  /** When it is tried next, in milliseconds since 1970. @default now */
  due?: number;
}

type KeptDelivery = Omit<Delivery, 'subscription'> & { topic: string; subscription: string };

/** How it outlives the process; what is left when its subscription is gone is forgotten. */
const deliveryOf = (topics: Topics) => ({
  store: ({ subscription, ...delivery }: Delivery): KeptDelivery => ({
    ...delivery,
    topic: subscription.topic.arn,
    subscription: subscription.arn,
  }),
  load({ topic, subscription: arn, ...delivery }: KeptDelivery): Delivery | undefined {
    const subscription = topics.of(topic)?.subscriptions.get(arn);
    return subscription && { ...delivery, subscription };
  },
});

/** A raw message is the message itself, with its attributes. */
function queueMessage(subscription: Subscription, message: Message, queueArn: string): object {
  const raw = subscription.attributes.RawMessageDelivery?.toLowerCase() === 'true';
  const fifo = queueArn.endsWith('.fifo');
  return {
    MessageBody: raw ? textFor(message, subscription) : envelope(message, subscription),
    ...(raw && { MessageAttributes: message.attributes }),
    ...(message.groupId !== undefined &&
      (fifo || !subscription.topic.fifo) && { MessageGroupId: message.groupId }),
    ...(fifo && { MessageDeduplicationId: message.deduplicationId ?? message.id }),
    ...(message.traceHeader && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: message.traceHeader } },
    }),
  };
}

/** An endpoint that is gone or does not let SNS in is not tried again. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof AwsError) ||
  (error.status ?? 400) >= 500 ||
  /Thrott|TooManyRequests|RequestLimit/.test(error.code);

/**
 * Milliseconds until the next try; `undefined` after 100,015 of them, which takes 23 days.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
function pauseAfter(tries: number): number | undefined {
  if (tries < 3) return 0;
  if (tries < 5) return 1000;
  if (tries < 15) return Math.min(20_000, 1000 * 2 ** ((tries - 5) / 2));
  return tries < 100_015 ? 20_000 : undefined;
}
