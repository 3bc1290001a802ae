import { SendMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { isFifo } from './queues.ts';

/**
 * Sends a letter to the queue that it was meant for, as it was: body, attributes, group and trace. In a FIFO queue a
 * second send of the same letter is dropped. Throws when SQS does not have it as it was.
 */
export async function sendOn(
  sqs: Pick<SQSClient, 'send'>,
  { MessageId, Body, MD5OfBody, MessageAttributes = {}, Attributes = {} }: Message,
  to: string,
): Promise<void> {
  const { AWSTraceHeader: trace, MessageGroupId: group } = Attributes;
  const { MD5OfMessageBody } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: to,
      MessageBody: Body,
      MessageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes).filter(([name]) => !OF_EVENTBRIDGE.has(name)),
      ),
      ...(trace && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
      }),
      ...(group && { MessageGroupId: group }),
      ...(isFifo(to) && { MessageDeduplicationId: MessageId }),
    }),
  );
  if (MD5OfMessageBody !== MD5OfBody) throw new Error('SQS has it with another body');
}

/** Why a rule could not deliver: said of the letter, not of the event. */
const OF_EVENTBRIDGE = new Set([
  'RULE_ARN',
  'TARGET_ARN',
  'ERROR_CODE',
  'ERROR_MESSAGE',
  'RETRY_ATTEMPTS',
  'EXHAUSTED_RETRY_CONDITION',
]);
