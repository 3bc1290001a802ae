import type * as SQS from '@aws-sdk/client-sqs';
import type { Answer, Call } from '../../service.ts';
import { checkedFor, isSettable, merged, unknown } from './attributes.ts';
import { missingParameter } from './errors.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** GetQueueAttributes and SetQueueAttributes. */
export const settings = (queues: Queues) => ({
  GetQueueAttributes(
    { QueueUrl, AttributeNames = [] }: SQS.GetQueueAttributesCommandInput,
    call: Call,
  ): Answer<SQS.GetQueueAttributesCommandOutput> {
    const queue = queues.at(QueueUrl, call);
    for (const name of AttributeNames)
      if (name !== 'All' && !isSettable(name) && !(name in DERIVED)) throw unknown(name);
    queue.expire();
    const names = new Set<string>(AttributeNames);
    const wanted = Object.entries(described(queue)).filter(([name]) => names.has('All') || names.has(name));
    return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
  },

  SetQueueAttributes({ QueueUrl, Attributes }: SQS.SetQueueAttributesCommandInput, call: Call) {
    const queue = queues.at(QueueUrl, call);
    if (!Attributes) throw missingParameter('Attributes');
    queue.set(merged(queue.attributes, checkedFor(queue, Attributes, queues)));
    return {} satisfies Answer<SQS.SetQueueAttributesCommandOutput>;
  },
});

/** What nobody sets. Times are in seconds. */
const DERIVED: Record<string, (queue: Queue) => number | string> = {
  ApproximateNumberOfMessages: ({ counts }) => counts.visible,
  ApproximateNumberOfMessagesDelayed: ({ counts }) => counts.delayed,
  ApproximateNumberOfMessagesNotVisible: ({ counts }) => counts.inFlight,
  CreatedTimestamp: ({ created }) => Math.floor(created / 1000),
  LastModifiedTimestamp: ({ modified }) => Math.floor(modified / 1000),
  QueueArn: ({ arn }) => arn,
};

const described = (queue: Queue): Record<string, string> => ({
  ...queue.attributes,
  ...Object.fromEntries(Object.entries(DERIVED).map(([name, value]) => [name, String(value(queue))])),
});
