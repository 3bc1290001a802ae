import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { accepting, check } from './accept.ts';
import { checkBatch, each } from './batch.ts';
import { LARGEST, sizeOf } from './content.ts';
import { invalidParameter } from './errors.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** SendMessage and SendMessageBatch. */
export function sending(queues: Queues, world: World) {
  const accept = accepting(queues, world);

  return {
    SendMessage({ QueueUrl, ...sending }: SQS.SendMessageCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      checkKey(queue, call.principal);
      check(queue, sending);
      checkSize(queue, sizeOf(sending), 'are invalid');
      const answer = accept(queue, sending, call);
      queue.wake();
      return answer satisfies Answer<SQS.SendMessageCommandOutput>;
    },

    SendMessageBatch({ QueueUrl, Entries }: SQS.SendMessageBatchCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      const entries = checkBatch(ENTRY, Entries);
      checkKey(queue, call.principal);
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
      const answer = each(entries, (entry, i) => {
        if (!queue.fifo) checkOne(entry, i);
        return accept(queue, entry, call);
      });
      queue.wake();
      return answer satisfies Answer<SQS.SendMessageBatchCommandOutput>;
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

/**
 * The AWS managed key lets no AWS service in, and its policy cannot be changed. Customers' keys are not modelled: they
 * let everybody in. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
 */
function checkKey({ attributes, arn }: Queue, principal: Principal): void {
  const key = attributes.KmsMasterKeyId;
  if (principal.kind !== 'service' || !key?.endsWith('alias/aws/sqs')) return;
  const [, partition, , region, account] = arn.split(':');
  throw new AwsError(
    'KmsAccessDenied',
    `User: ${principal.arn} is not authorized to perform: kms:GenerateDataKey on resource: arn:${partition}:kms:${region}:${account}:alias/aws/sqs because no resource-based policy allows the kms:GenerateDataKey action`,
  );
}
