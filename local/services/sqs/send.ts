import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Sealed } from '../kms/data-keys.ts';
import { accepting, check } from './accept.ts';
import { checkBatch, each } from './batch.ts';
import { LARGEST, sizeOf } from './content.ts';
import type { Encryption } from './encryption.ts';
import { invalidParameter } from './errors.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** SendMessage and SendMessageBatch. */
export function sending(queues: Queues, world: World, encryption: Encryption) {
  const accept = accepting(queues, world);
  /** Nothing waits for a queue without a key of KMS. */
  const encrypted = <T>(queue: Queue, { principal }: Call, put: (sealed?: Sealed) => T): T | Promise<T> => {
    const sealed = encryption.seal(queue, principal);
    return sealed instanceof Promise ? sealed.then(put) : put(sealed);
  };

  return {
    SendMessage({ QueueUrl, ...sending }: SQS.SendMessageCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      check(queue, sending);
      checkSize(queue, sizeOf(sending), 'are invalid');
      return encrypted(queue, call, (sealed) => {
        const answer = accept(queue, sending, call, sealed);
        queue.wake();
        return answer satisfies Answer<SQS.SendMessageCommandOutput>;
      });
    },

    SendMessageBatch({ QueueUrl, Entries }: SQS.SendMessageBatchCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      const entries = checkBatch(ENTRY, Entries);
      const sizes = entries.map(sizeOf);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (total > LARGEST)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${LARGEST} bytes. You have sent ${total} bytes.`,
        );
      const checkOne = (entry: (typeof entries)[number], i: number) => {
        check(queue, entry, `${ENTRY}.${i + 1}.`);
        checkSize(queue, sizes[i]!, queue.fifo ? 'are invalid' : 'cannot be validated');
      };
      // A gap would break the order, so one bad entry fails the whole of a FIFO batch.
      if (queue.fifo) for (const [i, entry] of entries.entries()) checkOne(entry, i);
      return encrypted(queue, call, (sealed) => {
        const answer = each(entries, (entry, i) => {
          if (!queue.fifo) checkOne(entry, i);
          return accept(queue, entry, call, sealed);
        });
        queue.wake();
        return answer satisfies Answer<SQS.SendMessageBatchCommandOutput>;
      });
    },
  };
}

const ENTRY = 'SendMessageBatchRequestEntry';

function checkSize({ attributes }: Queue, size: number, what: string): void {
  const limit = Number(attributes.MaximumMessageSize);
  if (size > limit)
    throw invalidParameter(
      `One or more parameters ${what}. Reason: Message must be shorter than ${limit} bytes.`,
    );
}
