import type * as SQS from '@aws-sdk/client-sqs';
import type { Answer, Call } from '../../service.ts';
import { checkBatch, each } from './batch.ts';
import { invalidValue, missingParameter } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { readReceipt, type Receipt } from './receipt.ts';
import type { Queues } from './registry.ts';

/** What a receipt handle is good for: DeleteMessage, ChangeMessageVisibility and their batches. */
export function settling(queues: Queues) {
  return {
    DeleteMessage({ QueueUrl, ReceiptHandle }: SQS.DeleteMessageCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      remove(queue, ReceiptHandle);
      queue.wake();
      return {} satisfies Answer<SQS.DeleteMessageCommandOutput>;
    },

    DeleteMessageBatch({ QueueUrl, Entries }: SQS.DeleteMessageBatchCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      const entries = checkBatch('DeleteMessageBatchRequestEntry', Entries);
      const answer = each(entries, ({ ReceiptHandle }) => remove(queue, ReceiptHandle));
      queue.wake();
      return answer satisfies Answer<SQS.DeleteMessageBatchCommandOutput>;
    },

    ChangeMessageVisibility(input: SQS.ChangeMessageVisibilityCommandInput, call: Call) {
      const queue = queues.at(input.QueueUrl, call);
      change(queue, input, call.now());
      queue.wake();
      return {} satisfies Answer<SQS.ChangeMessageVisibilityCommandOutput>;
    },

    ChangeMessageVisibilityBatch(
      { QueueUrl, Entries }: SQS.ChangeMessageVisibilityBatchCommandInput,
      call: Call,
    ) {
      const queue = queues.at(QueueUrl, call);
      const entries = checkBatch('ChangeMessageVisibilityBatchRequestEntry', Entries);
      const answer = each(entries, (entry) => change(queue, entry, call.now()));
      queue.wake();
      return answer satisfies Answer<SQS.ChangeMessageVisibilityBatchCommandOutput>;
    },
  };
}

/** A message that is gone is gone: only FIFO queues ask that the receive which the handle is from still holds it. */
function remove(queue: Queue, handle: string | undefined): object {
  const receipt = receiptFrom(queue, handle);
  const message = queue.find(receipt.messageId);
  if (message && queue.fifo && !holds(receipt, message))
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  if (message) queue.remove(message);
  queue.metrics.deleted();
  return {};
}

function change(
  queue: Queue,
  { ReceiptHandle, VisibilityTimeout }: Omit<SQS.ChangeMessageVisibilityBatchRequestEntry, 'Id'>,
  now: number,
): object {
  const receipt = receiptFrom(queue, ReceiptHandle);
  if (VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout');
  if (VisibilityTimeout < 0 || VisibilityTimeout > LONGEST)
    throw invalidValue(
      VisibilityTimeout,
      'VisibilityTimeout',
      `Must be >= 0 and <= ${LONGEST}, if provided.`,
    );
  const message = queue.find(receipt.messageId);
  if (!message || (queue.fifo && !holds(receipt, message)))
    throw invalidValue(
      ReceiptHandle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  if (message.state !== 'inFlight') return {};
  const until = now + VisibilityTimeout * 1000;
  if (until > message.received! + LONGEST * 1000)
    throw invalidValue(
      VisibilityTimeout,
      'VisibilityTimeout',
      `Total VisibilityTimeout for the message is beyond the limit [${LONGEST} seconds]`,
    );
  message.attempt = undefined;
  if (VisibilityTimeout === 0) queue.show(message);
  else queue.hide(message, until);
  return {};
}

function receiptFrom(queue: Queue, handle: string | undefined): Receipt {
  if (!handle) throw missingParameter('ReceiptHandle');
  return readReceipt(queue.arn, handle);
}

const holds = ({ receive }: Receipt, { state, receives }: Message): boolean =>
  state === 'inFlight' && receives === receive;

/** Seconds from the receive on. */
const LONGEST = 43_200;
