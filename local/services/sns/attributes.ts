import type { AwsError } from '../../errors.ts';
import { jsonMap } from '../../json-map.ts';
import { notModelled } from '../../errors.ts';

/** Makes the error: creating and changing word it differently. */
type Refusal = (what: string) => AwsError;

const FLAGS = ['FifoTopic', 'ContentBasedDeduplication'];
const CHOICES: Record<string, string[]> = {
  SignatureVersion: ['1', '2'],
  TracingConfig: ['PassThrough', 'Active'],
  FifoThroughputScope: ['Topic', 'MessageGroup'],
};

/** An empty value removes an attribute. */
export function checkTopicAttributes(given: Record<string, string>, fifo: boolean, refused: Refusal): void {
  for (const [name, value] of Object.entries(given)) {
    if (!fifo && ['ContentBasedDeduplication', 'FifoThroughputScope'].includes(name))
      throw refused('Content-based deduplication can only be set for FIFO topics');
    if (FLAGS.includes(name)) checkFlag(name, value, refused);
    else if (CHOICES[name]) {
      if (value !== '' && !CHOICES[name].includes(value))
        throw refused(`${name}: Invalid value [${value}]. Must be ${CHOICES[name].join(' or ')}.`);
    } else if (name === 'Policy') {
      if (value !== '' && !jsonMap(value)) throw refused('Policy Error: null');
    } else if (NOT_MODELLED.test(name)) throw notModelled(`the attribute ${name} of topics`);
    else if (!['DisplayName', 'KmsMasterKeyId'].includes(name)) throw refused('AttributeName');
  }
}

const NOT_MODELLED =
  /^(DeliveryPolicy|ArchivePolicy|(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback.*)$/;

/** @param fifo whether the topic is a FIFO topic */
export function checkSubscriptionAttributes(
  given: Record<string, string>,
  fifo: boolean,
  refused: Refusal,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (name === 'RawMessageDelivery') checkFlag(name, value, refused);
    else if (name === 'FilterPolicyScope') {
      if (!['MessageAttributes', 'MessageBody'].includes(value))
        throw refused(
          `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
    } else if (name === 'RedrivePolicy') checkRedrivePolicy(value, fifo, refused);
    else if (['DeliveryPolicy', 'SubscriptionRoleArn', 'ReplayPolicy'].includes(name))
      throw notModelled(`the attribute ${name} of subscriptions`);
    else if (name !== 'FilterPolicy') throw refused('AttributeName');
  }
}

function checkFlag(name: string, value: string, refused: Refusal): void {
  if (!/^(true|false)$/i.test(value))
    throw refused(`${name}: Invalid value [${value}]. Must be true or false.`);
}

function checkRedrivePolicy(text: string, fifo: boolean, refused: Refusal): void {
  if (text === '') return;
  const policy = jsonMap(text);
  if (!policy) throw refused('RedrivePolicy: failed to parse JSON.');
  for (const name of Object.keys(policy))
    if (name !== 'deadLetterTargetArn')
      throw refused(`RedrivePolicy: invalid JSON. Attribute ${name} is unknown.`);
  const arn = policy.deadLetterTargetArn;
  if (typeof arn !== 'string' || !/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(arn))
    throw refused('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  if (fifo && !arn.endsWith('.fifo'))
    throw refused('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.');
}
