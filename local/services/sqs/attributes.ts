import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Queue } from './queue.ts';
import { checkedRedrivePolicy, checkRedriveAllowPolicy } from './redrive.ts';
import type { Queues } from './registry.ts';

/** Values are texts, as SQS sends them. */
export type Attributes = Partial<Record<SQS.QueueAttributeName, string>>;

/** What a new queue has. */
export const defaults = (fifo: boolean): Attributes => ({
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
  ...(fifo && {
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoQueue: 'true',
    FifoThroughputLimit: 'perQueue',
  }),
});

/** Least and most. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const RANGES: Record<string, [least: number, most: number]> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};

const CHOICES: Record<string, string[]> = {
  SqsManagedSseEnabled: ['true', 'false'],
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

const TEXTS = new Set(['KmsMasterKeyId', 'Policy', 'RedrivePolicy', 'RedriveAllowPolicy']);

/** What was given for a queue, checked and in SQS's own spelling; an empty text means that the attribute is removed. */
export function checkedFor(
  queue: Pick<Queue, 'arn' | 'fifo'>,
  given: Attributes,
  queues: Pick<Queues, 'of'>,
): Attributes {
  const attributes = checked(given, queue.fifo);
  const { RedrivePolicy, RedriveAllowPolicy } = attributes;
  if (RedrivePolicy) attributes.RedrivePolicy = checkedRedrivePolicy(RedrivePolicy, queue, queues.of);
  if (RedriveAllowPolicy) checkRedriveAllowPolicy(RedriveAllowPolicy);
  return attributes;
}

/** All but the two redrive policies. Throws InvalidAttributeName and InvalidAttributeValue. */
export function checked(given: Attributes, fifo: boolean): Attributes {
  for (const [name, value] of Object.entries(given)) {
    checkName(name, fifo);
    checkValue(name, value);
  }
  if (given.KmsMasterKeyId && given.SqsManagedSseEnabled === 'true')
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, RANGES[name] ? String(Number(value)) : value]),
  );
}

/** The attributes of a queue after `given`, all of them checked, came over `before`. */
export function merged(before: Attributes, given: Attributes): Attributes {
  const after = { ...before, ...given };
  if (given.KmsMasterKeyId) after.SqsManagedSseEnabled = 'false';
  if (given.SqsManagedSseEnabled === 'true') after.KmsMasterKeyId = '';
  if (!after.KmsMasterKeyId) delete after.KmsDataKeyReusePeriodSeconds;
  else after.KmsDataKeyReusePeriodSeconds ??= '300';
  if (after.FifoThroughputLimit === 'perMessageGroupId' && after.DeduplicationScope !== 'messageGroup')
    throw invalid(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    );
  for (const [name, value] of Object.entries(after))
    if (value === '') delete after[name as SQS.QueueAttributeName];
  return after;
}

export const isSettable = (name: string): boolean => name in RANGES || name in CHOICES || TEXTS.has(name);

function checkName(name: string, fifo: boolean): void {
  if (!isSettable(name)) throw unknown(name);
  if (fifo) return;
  if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') throw unknown(name);
  if (name === 'DeduplicationScope' || name === 'FifoThroughputLimit')
    throw new AwsError(
      'InvalidAttributeName',
      `You can specify the ${name} only when FifoQueue is set to true.`,
    );
}

function checkValue(name: string, value: string): void {
  if (name === 'FifoQueue' && value !== 'true')
    throw invalid('FifoQueue', 'Modifying queue type is not supported.');
  if (CHOICES[name] && !CHOICES[name].includes(value)) throw invalid(name);
  const range = RANGES[name];
  if (range && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1]))
    throw invalid(name);
  if (name === 'Policy' && value !== '') checkPolicy(value);
}

export const unknown = (name: string) => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

const invalid = (name: string, reason?: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

/** What the statements say is read when somebody calls. */
function checkPolicy(text: string): void {
  if (!isObject(text)) throw invalid('Policy');
  const { Statement = [] } = JSON.parse(text) as { Statement?: unknown };
  const count = [Statement].flat().length;
  if (count > MOST_STATEMENTS)
    throw new AwsError(
      'OverLimit',
      `${count} statements were found in the submitted policy, max allowed is ${MOST_STATEMENTS}`,
    );
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
const MOST_STATEMENTS = 20;

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
