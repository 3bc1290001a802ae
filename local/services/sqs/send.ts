import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkBatch, each } from './batch.ts';
import { LARGEST, checkAttributes, checkBody, checkId, checkSystemAttributes, sizeOf } from './content.ts';
import { md5, md5OfAttributes, sha256 } from './digest.ts';
import { invalidParameter, invalidValue, missingParameter } from './errors.ts';
import type { Letter } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

type Sending = Omit<SQS.SendMessageRequest, 'QueueUrl'>;

/** SendMessage and SendMessageBatch. */
export function sending(queues: Queues, { random }: World) {
  let sequence = FIRST_SEQUENCE;

  /** Checks one message and puts it into `queue`, without telling those who wait. */
  const accept = (queue: Queue, sending: Sending, call: Call): Omit<SQS.SendMessageResult, 'Id'> => {
    check(queue, sending);
    const letter = letterFrom(sending, call, random.uuid());
    const answer = {
      MessageId: letter.id,
      MD5OfMessageBody: letter.bodyMd5,
      ...(letter.attributes && { MD5OfMessageAttributes: md5OfAttributes(letter.attributes) }),
      ...(sending.MessageSystemAttributes && {
        MD5OfMessageSystemAttributes: md5OfAttributes(sending.MessageSystemAttributes),
      }),
    };
    if (!queue.fifo) {
      queue.put(letter, (sending.DelaySeconds ?? Number(queue.attributes.DelaySeconds)) * 1000);
      return answer;
    }

    letter.deduplicationId = sending.MessageDeduplicationId ?? sha256(letter.body);
    const key =
      queue.deduplicationScope() === 'queue'
        ? letter.deduplicationId
        : `${letter.groupId} ${letter.deduplicationId}`;
    const before = queue.duplicates.get(key);
    if (before) return { ...answer, ...before };
    letter.sequence = (sequence += SEQUENCE_STEP).toString();
    queue.duplicates.set(key, { MessageId: letter.id, SequenceNumber: letter.sequence });
    queue.put(letter, Number(queue.attributes.DelaySeconds) * 1000);
    return { ...answer, SequenceNumber: letter.sequence };
  };

  return {
    SendMessage({ QueueUrl, ...sending }: SQS.SendMessageCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      checkKey(queue, call.principal);
      const limit = Number(queue.attributes.MaximumMessageSize);
      if (sizeOf(sending) > limit)
        throw invalidParameter(
          `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
        );
      const answer = accept(queue, sending, call);
      queue.wake();
      return answer satisfies Answer<SQS.SendMessageCommandOutput>;
    },

    SendMessageBatch({ QueueUrl, Entries }: SQS.SendMessageBatchCommandInput, call: Call) {
      const queue = queues.at(QueueUrl, call);
      const entries = checkBatch('SendMessageBatchRequestEntry', Entries);
      checkKey(queue, call.principal);
      const sizes = entries.map(sizeOf);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (total > LARGEST)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${LARGEST} bytes. You have sent ${total} bytes.`,
        );
      if (queue.fifo) for (const entry of entries) checkFifo(queue, entry, invalidParameter);
      const limit = Number(queue.attributes.MaximumMessageSize);
      const answer = each(entries, (entry) => {
        if (sizes[entries.indexOf(entry)]! > limit)
          throw invalidParameter(
            `One or more parameters cannot be validated. Reason: Message must be shorter than ${limit} bytes.`,
          );
        return accept(queue, entry, call) as Omit<SQS.SendMessageBatchResultEntry, 'Id'>;
      });
      queue.wake();
      return answer satisfies Answer<SQS.SendMessageBatchCommandOutput>;
    },
  };
}

function check(queue: Queue, sending: Sending): void {
  const { MessageBody, MessageAttributes, MessageSystemAttributes, DelaySeconds } = sending;
  checkBody(MessageBody);
  if (MessageAttributes) checkAttributes(MessageAttributes);
  if (MessageSystemAttributes) checkSystemAttributes(MessageSystemAttributes);
  if (queue.fifo) checkFifo(queue, sending);
  else if (sending.MessageDeduplicationId !== undefined)
    throw invalidParameter(
      'The request include parameter MessageDeduplicationId which is not valid for this queue type',
    );
  checkId('MessageGroupId', sending.MessageGroupId);
  checkId('MessageDeduplicationId', sending.MessageDeduplicationId);
  if (DelaySeconds === undefined) return;
  if (queue.fifo && DelaySeconds !== 0)
    throw invalidValue(
      DelaySeconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  if (DelaySeconds < 0 || DelaySeconds > 900)
    throw invalidValue(DelaySeconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
}

/** What a FIFO queue asks for besides. In a batch a missing group is another error than alone: `missing` makes it. */
function checkFifo(
  { attributes }: Queue,
  { MessageGroupId, MessageDeduplicationId }: Pick<Sending, 'MessageGroupId' | 'MessageDeduplicationId'>,
  missing: (message: string) => AwsError = () => missingParameter('MessageGroupId'),
): void {
  if (MessageGroupId === undefined) throw missing('The request must contain the parameter MessageGroupId.');
  if (MessageDeduplicationId === undefined && attributes.ContentBasedDeduplication !== 'true')
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
}

const letterFrom = (sending: Sending, { principal, headers, now }: Call, id: string): Letter => {
  const { MessageBody = '', MessageAttributes = {}, MessageSystemAttributes } = sending;
  return {
    id,
    body: MessageBody,
    bodyMd5: md5(MessageBody),
    attributes: Object.keys(MessageAttributes).length > 0 ? MessageAttributes : undefined,
    traceHeader: MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? headers['x-amzn-trace-id'],
    groupId: sending.MessageGroupId,
    sender: principal.kind === 'service' ? principal.service : principal.userId,
    sent: now(),
    receives: 0,
  };
};

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

/** Twenty digits, as AWS's are. */
const FIRST_SEQUENCE = 18_849_496_460_467_696_128n;
const SEQUENCE_STEP = 256n;
