/** The metrics of a queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
import type { World } from '../../world.ts';
import type { Ages } from './ages.ts';
import type { Store } from './store.ts';

export interface Metrics {
  /** A message of so many bytes was sent. */
  sent(bytes: number): void;
  /** A receive came back with so many messages. */
  received(count: number): void;
  deleted(): void;
  /** Something in the store is not as it was. */
  changed(): void;
}

export function metricsOf(
  { clock, service }: World,
  name: string,
  store: () => Pick<Store, 'counts'>,
  { longestWaiting }: Pick<Ages, 'longestWaiting'>,
): Metrics {
  let meters: ReturnType<typeof open> | undefined;
  const open = () => {
    const { meter, gauge } = service('monitoring');
    const dimensions = { QueueName: name };
    return {
      sent: meter(NAMESPACE, 'NumberOfMessagesSent', dimensions),
      size: meter(NAMESPACE, 'SentMessageSize', dimensions, 'Bytes'),
      received: meter(NAMESPACE, 'NumberOfMessagesReceived', dimensions),
      empty: meter(NAMESPACE, 'NumberOfEmptyReceives', dimensions),
      deleted: meter(NAMESPACE, 'NumberOfMessagesDeleted', dimensions),
      visible: gauge(NAMESPACE, 'ApproximateNumberOfMessagesVisible', dimensions),
      inFlight: gauge(NAMESPACE, 'ApproximateNumberOfMessagesNotVisible', dimensions),
      delayed: gauge(NAMESPACE, 'ApproximateNumberOfMessagesDelayed', dimensions),
      age: gauge(NAMESPACE, 'ApproximateAgeOfOldestMessage', dimensions, 'Seconds'),
    };
  };
  const all = () => (meters ??= open());
  const told = { visible: NaN, inFlight: NaN, delayed: NaN, since: NaN as number | undefined };

  const tell = () => {
    const { counts } = store();
    for (const state of ['visible', 'inFlight', 'delayed'] as const)
      if (told[state] !== counts[state]) all()[state]((told[state] = counts[state]));
    const since = longestWaiting()?.arrived;
    if (told.since === since) return;
    told.since = since;
    all().age(since === undefined ? 0 : (clock.now() - since) / 1000, since === undefined ? 0 : 1);
  };
  let telling = false;

  return {
    sent(bytes) {
      all().sent(1);
      all().size(bytes);
    },
    received: (count) => (count > 0 ? all().received(count) : all().empty(1)),
    deleted: () => all().deleted(1),
    /** One call may change many messages: the depth is told once, when it is through. */
    changed() {
      if (telling) return;
      telling = true;
      // Not queueMicrotask: Node's makes an async resource for each.
      void Promise.resolve().then(() => {
        telling = false;
        tell();
      });
    },
  };
}

const NAMESPACE = 'AWS/SQS';
