import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { envelope, lambdaEvent, textFor } from './envelope.ts';
import type { Message } from './message.ts';
import type { Subscription, Topic } from './topic.ts';

/** Brings a message to every subscription that wants it, as `sns.amazonaws.com` on behalf of the topic. */
export function delivering(world: World): (topic: Topic, message: Message) => void {
  const { account, clock } = world;
  const as = ({ topic }: Subscription) => servicePrincipal(account, 'sns.amazonaws.com', topic.arn);

  const send = (subscription: Subscription, queueArn: string, input: object) => {
    const [, , , , owner, name] = queueArn.split(':');
    return world.call(as(subscription), 'sqs', 'SendMessage', { QueueUrl: `/${owner}/${name}`, ...input });
  };
  const attempt = (subscription: Subscription, message: Message): Promise<unknown> =>
    subscription.protocol === 'lambda'
      ? world.call(as(subscription), 'lambda', 'Invoke', {
          FunctionName: subscription.endpoint,
          InvocationType: 'Event',
          Payload: Buffer.from(lambdaEvent(message, subscription)),
        })
      : send(subscription, subscription.endpoint, queueMessage(subscription, message, subscription.endpoint));

  /** What the endpoint refuses for good, and what it refuses for weeks, goes to the dead-letter queue if there is one. */
  const giveUp = async (subscription: Subscription, message: Message) => {
    const policy = subscription.attributes.RedrivePolicy;
    if (policy === undefined) return;
    const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
    const input = queueMessage(subscription, message, deadLetterTargetArn);
    await send(subscription, deadLetterTargetArn, input).catch(() => undefined);
  };

  const deliver = async (subscription: Subscription, message: Message) => {
    for (let tries = 0; ; tries++) {
      const error = await attempt(subscription, message).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (error === undefined) return;
      const pause = pauseAfter(tries);
      if (!mayPass(error) || pause === undefined) return giveUp(subscription, message);
      if (pause > 0) await clock.sleep(pause);
    }
  };

  return (topic, message) => {
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.pending) continue;
      if (subscription.filter && !subscription.filter(textFor(message, subscription), message.attributes))
        continue;
      if (topic.fifo) subscription.last = subscription.last.then(() => deliver(subscription, message));
      else void deliver(subscription, message);
    }
  };
}

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
