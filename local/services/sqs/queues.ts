import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checked, defaults, merged, unknown, type Attributes } from './attributes.ts';
import { invalidParameter, queueDoesNotExist } from './errors.ts';
import { newQueue, type Queue } from './queue.ts';
import { checkedRedriveAllowPolicy, checkedRedrivePolicy } from './redrive.ts';
import type { Queues } from './registry.ts';

/** CreateQueue, GetQueueUrl, ListQueues, GetQueueAttributes, SetQueueAttributes, DeleteQueue. */
export function managing(queues: Queues, { clock }: World) {
  const urlOf = ({ name }: Queue, { endpoint, account }: Call) => `${endpoint}/${account}/${name}`;

  /** What was given, checked and in SQS's own spelling. */
  const checkedFor = (identity: Pick<Queue, 'arn' | 'fifo'>, given: Attributes): Attributes => {
    const attributes = checked(given, identity.fifo);
    const { RedrivePolicy, RedriveAllowPolicy } = attributes;
    if (RedrivePolicy) attributes.RedrivePolicy = checkedRedrivePolicy(RedrivePolicy, identity, queues.of);
    if (RedriveAllowPolicy) attributes.RedriveAllowPolicy = checkedRedriveAllowPolicy(RedriveAllowPolicy);
    return attributes;
  };

  return {
    CreateQueue({ QueueName, Attributes = {}, tags = {} }: SQS.CreateQueueCommandInput, call: Call) {
      const name = checkedName(QueueName, Attributes);
      const identity = { name, arn: queues.arn(name), fifo: name.endsWith('.fifo') };
      const attributes = checkedFor(identity, Attributes);
      const existing = queues.named(name);
      if (existing) {
        checkSame(existing, attributes);
        return { QueueUrl: urlOf(existing, call) } satisfies Answer<SQS.CreateQueueCommandOutput>;
      }
      const queue = newQueue(
        clock,
        {
          ...identity,
          attributes: merged(defaults(identity.fifo), attributes),
          tags: new Map(Object.entries(tags)),
        },
        queues.listeners(identity.arn),
      );
      queues.add(queue);
      return { QueueUrl: urlOf(queue, call) } satisfies Answer<SQS.CreateQueueCommandOutput>;
    },

    GetQueueUrl({ QueueName = '', QueueOwnerAWSAccountId }: SQS.GetQueueUrlCommandInput, call: Call) {
      if (!QueueName)
        throw invalidParameter(
          'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
        );
      const queue = queues.named(QueueName);
      if (!queue || (QueueOwnerAWSAccountId ?? call.account) !== call.account) throw queueDoesNotExist(call);
      return { QueueUrl: urlOf(queue, call) } satisfies Answer<SQS.GetQueueUrlCommandOutput>;
    },

    GetQueueAttributes({ QueueUrl, AttributeNames = [] }: SQS.GetQueueAttributesCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      queue.expire();
      const all = described(queue);
      for (const name of AttributeNames) if (!KNOWN.has(name)) throw unknown(name);
      const names = new Set<string>(AttributeNames);
      const wanted = Object.entries(all).filter(([name]) => names.has('All') || names.has(name));
      return (
        wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {}
      ) satisfies Answer<SQS.GetQueueAttributesCommandOutput>;
    },

    SetQueueAttributes({ QueueUrl, Attributes = {} }: SQS.SetQueueAttributesCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      queue.set(merged(queue.attributes, checkedFor(queue, Attributes)));
      return {} satisfies Answer<SQS.SetQueueAttributesCommandOutput>;
    },

    DeleteQueue({ QueueUrl }: SQS.DeleteQueueCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      queues.remove(queue);
      queue.empty();
      queue.close(queueDoesNotExist(call));
      return {} satisfies Answer<SQS.DeleteQueueCommandOutput>;
    },
  };
}

function checkedName(name = '', { FifoQueue }: Attributes): string {
  if (FifoQueue === 'true') {
    if (!/^[\w-]{1,75}\.fifo$/.test(name))
      throw invalidParameter(
        'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
      );
  } else if (!/^[\w-]{1,80}$/.test(name))
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  return name;
}

/** CreateQueue may be repeated, as long as it says nothing else. */
function checkSame({ attributes }: Queue, given: Attributes): void {
  for (const name of Object.keys(given) as (keyof Attributes)[])
    if ((attributes[name] ?? '') !== given[name])
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
}

const described = ({ attributes, counts, arn, created, modified }: Queue): Record<string, string> => ({
  ...attributes,
  ApproximateNumberOfMessages: String(counts.visible),
  ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
  CreatedTimestamp: String(Math.floor(created / 1000)),
  LastModifiedTimestamp: String(Math.floor(modified / 1000)),
  QueueArn: arn,
});

const KNOWN = new Set([
  'All',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]);
