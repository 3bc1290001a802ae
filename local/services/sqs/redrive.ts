/** The two policies about dead letters. Texts as SQS answers them. */
import { AwsError } from '../../errors.ts';
import { jsonMap } from '../../json-map.ts';
import { invalidValue } from './errors.ts';
import type { Queue } from './queue.ts';

/** What a queue does with a message that was received too often. */
export interface RedrivePolicy {
  deadLetterTargetArn: string;
  /** 1 to 1000: so often a message is delivered at most. */
  maxReceiveCount: number;
}

/** Which queues may name a queue as theirs for dead letters. */
interface RedriveAllowPolicy {
  redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  /** One to ten; only with `byQueue`. @default none */
  sourceQueueArns?: string[];
}

/** `undefined` when the queue keeps its messages, however often they are received. */
export const redriveOf = ({ attributes }: Pick<Queue, 'attributes'>): RedrivePolicy | undefined =>
  attributes.RedrivePolicy === undefined
    ? undefined
    : (JSON.parse(attributes.RedrivePolicy) as RedrivePolicy);

/** A RedrivePolicy of `source` in SQS's own spelling, which has the count as a number. */
export function checkedRedrivePolicy(
  text: string,
  source: Pick<Queue, 'arn' | 'fifo'>,
  queueAt: (arn: string) => Queue | undefined,
): string {
  const policy = jsonMap(text);
  if (!policy) throw invalid('RedrivePolicy', 'Redrive policy is not a valid JSON map.');
  const refused = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn'])
    if (policy[name] === undefined)
      throw refused(`Redrive policy does not contain mandatory attribute: ${name}.`);
  const count = Number(policy.maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw refused(
      `Invalid value for maxReceiveCount: ${String(policy.maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  if (Object.keys(policy).length > 2)
    throw refused('Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].');

  const target = String(policy.deadLetterTargetArn);
  const [arn, , service, region, account, name] = target.split(':');
  if (arn !== 'arn' || !name) throw refused('Dead-letter target ARN should be fully qualified ARN.');
  if (service !== 'sqs') throw refused('Only SQS queues are valid resources for deadLetterTargetArn.');
  const [, , , ownRegion, ownAccount] = source.arn.split(':');
  if (account !== ownAccount) throw refused('Dead-letter target owner should be same as the source.');
  if (region !== ownRegion) throw refused('Dead-letter target must be in same region as the source.');
  if (name.endsWith('.fifo') !== source.fifo)
    throw refused('Dead-letter queue must be same type of queue as the source..');
  const deadLetters = queueAt(target);
  if (!deadLetters) throw refused('Dead letter target does not exist.');
  if (!allows(deadLetters, source.arn))
    throw refused('The dead-letter queue does not allow this queue as its source.');
  return JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: count });
}

/** Throws InvalidAttributeValue and InvalidParameterValue. */
export function checkRedriveAllowPolicy(text: string): void {
  const { redrivePermission, sourceQueueArns: sources, ...rest } = jsonMap(text) ?? {};
  const known = ['allowAll', 'denyAll', 'byQueue'].includes(redrivePermission as string);
  const listed = Array.isArray(sources) && sources.every((source) => typeof source === 'string');
  if (!known || (sources !== undefined && !listed) || Object.keys(rest).length > 0)
    throw invalid(
      'RedriveAllowPolicy',
      "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    );
  const refused = (reason: string) =>
    invalidValue(text, 'RedriveAllowPolicy', `Amazon SQS can't create the redrive allow policy. ${reason}`);
  const count = listed ? sources.length : 0;
  if (redrivePermission !== 'byQueue' && sources !== undefined)
    throw refused('To specify one or more source queue ARNs, you must set redrivePermission to byQueue.');
  if (redrivePermission === 'byQueue' && count === 0)
    throw refused(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    );
  if (count > 10) throw refused('The maximum number of source queue ARNs you can specify is 10.');
}

/** Whether `deadLetters` takes in what the queue `source` gives up. */
export function allows({ attributes }: Queue, source: string): boolean {
  const policy = JSON.parse(attributes.RedriveAllowPolicy ?? '{}') as Partial<RedriveAllowPolicy>;
  if (policy.redrivePermission === 'byQueue') return policy.sourceQueueArns!.includes(source);
  return policy.redrivePermission !== 'denyAll';
}

const invalid = (name: string, reason: string) =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}`);
