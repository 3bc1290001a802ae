import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkedFor, defaults, merged, type Attributes } from './attributes.ts';
import { invalidParameter, missingParameter, queueDoesNotExist } from './errors.ts';
import { newQueue, type Queue } from './queue.ts';
import { urlOf, type Queues } from './registry.ts';
import { remembered } from './remembered.ts';
import { checkTags } from './tags.ts';

export interface QueueOptions {
  /** Whether a name cannot be used again for 60 seconds after its queue was deleted, as on AWS. @default false */
  queueDeletedRecently: boolean;
}

/** CreateQueue, DeleteQueue and PurgeQueue. */
export function creating(queues: Queues, world: World, options: QueueOptions) {
  const deleted = remembered<true>(A_MINUTE, world.clock.now);

  return {
    CreateQueue({ QueueName, Attributes = {}, tags = {} }: SQS.CreateQueueCommandInput, call: Call) {
      const name = checkedName(QueueName, Attributes);
      const identity = { name, arn: queues.arn(name), fifo: name.endsWith('.fifo') };
      const attributes = checkedFor(identity, Attributes, queues);
      checkTags(tags);
      const existing = queues.named(name);
      if (existing) {
        checkSame(existing, attributes);
        return { QueueUrl: urlOf(existing, call) } satisfies Answer<SQS.CreateQueueCommandOutput>;
      }
      if (options.queueDeletedRecently && deleted.get(name))
        throw new AwsError(
          'QueueDeletedRecently',
          'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
        );
      const own = {
        attributes: merged(defaults(identity.fifo), attributes),
        tags: new Map(Object.entries(tags)),
      };
      const queue = newQueue(world, { ...identity, ...own }, queues.listeners(identity.arn));
      queues.add(queue);
      return { QueueUrl: urlOf(queue, call) } satisfies Answer<SQS.CreateQueueCommandOutput>;
    },

    DeleteQueue({ QueueUrl }: SQS.DeleteQueueCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      queues.remove(queue);
      deleted.set(queue.name, true);
      queue.empty();
      queue.duplicates.clear();
      queue.close(queueDoesNotExist(call));
      return {} satisfies Answer<SQS.DeleteQueueCommandOutput>;
    },

    PurgeQueue({ QueueUrl }: SQS.PurgeQueueCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      if (queue.purged !== undefined && call.now() < queue.purged + A_MINUTE)
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      queue.purged = call.now();
      queue.empty();
      queue.duplicates.clear();
      queue.attempts.clear();
      return {} satisfies Answer<SQS.PurgeQueueCommandOutput>;
    },
  };
}

const A_MINUTE = 60_000;

function checkedName(name: string | undefined, { FifoQueue }: Attributes): string {
  if (name === undefined) throw missingParameter('QueueName');
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
