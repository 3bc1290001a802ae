import type * as SNS from '@aws-sdk/client-sns';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { sha256 } from '../sqs/digest.ts';
import { delivering } from './delivery.ts';
import { encryption } from './encryption.ts';
import { invalid } from './errors.ts';
import { check, LARGEST, sizeOf, textsOf, type Message, type Publishing } from './message.ts';
import { metersOf } from './meters.ts';
import type { Topic, Topics } from './topic.ts';

/** Publish and PublishBatch: they answer once a message is taken in, and deliver it from there. */
export function publishing(topics: Topics, world: World) {
  const publish = accepting(topics, world);
  const encrypted = encryption(world);
  const publishEach = (topic: Topic, entries: SNS.PublishBatchRequestEntry[], call: Call) => {
    const Successful: SNS.PublishBatchResultEntry[] = [];
    const Failed: SNS.BatchResultErrorEntry[] = [];
    for (const { Id, ...entry } of entries) {
      try {
        Successful.push({ Id, ...publish(topic, entry, call) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({
          Id,
          Code: error.code.replace('Exception', ''),
          Message: error.message,
          SenderFault: true,
        });
      }
    }
    return { Successful, Failed } satisfies Answer<SNS.PublishBatchCommandOutput>;
  };

  return {
    Publish({ TopicArn, TargetArn, PhoneNumber, ...entry }: SNS.PublishCommandInput, call: Call) {
      if (PhoneNumber !== undefined) throw notModelled('text messages to phones');
      const arn = TopicArn ?? TargetArn;
      if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
      if (TopicArn === undefined && arn.split(':')[5]?.startsWith('endpoint/'))
        throw invalid('TargetArn Reason: No endpoint found for the target arn specified');
      const topic = topics.at(arn);
      check(topic, entry);
      if (sizeOf(entry) > LARGEST) throw invalid('Message too long');
      return encrypted(
        topic,
        call.principal,
        () => publish(topic, entry, call) satisfies Answer<SNS.PublishCommandOutput>,
      );
    },

    PublishBatch(
      { TopicArn, PublishBatchRequestEntries: entries = [] }: SNS.PublishBatchCommandInput,
      call: Call,
    ) {
      const topic = topics.at(TopicArn);
      checkBatch(entries);
      for (const entry of entries) check(topic, entry);
      return encrypted(topic, call.principal, () => publishEach(topic, entries, call));
    },
  };
}

type Accepted = Pick<SNS.PublishResponse, 'MessageId' | 'SequenceNumber'>;

/** Takes a message in, already checked; a FIFO topic drops what it has had within five minutes. */
function accepting(topics: Topics, world: World): (topic: Topic, entry: Publishing, call: Call) => Accepted {
  const deliver = delivering(topics, world);
  const meters = metersOf(world);
  const sequences = world.durable?.shelf<bigint>('sns/sequence');
  let sequence = sequences?.records()[0]?.[1] ?? FIRST_SEQUENCE;

  return (topic, entry, call) => {
    const message: Message = {
      id: world.random.uuid(),
      texts: textsOf(entry),
      subject: entry.Subject,
      attributes: entry.MessageAttributes ?? {},
      groupId: entry.MessageGroupId,
      deduplicationId: undefined,
      sequence: undefined,
      published: call.now(),
      traceHeader: call.headers['x-amzn-trace-id'],
    };
    const told = meters(topic.name);
    told.NumberOfMessagesPublished(1);
    told.PublishSize(sizeOf(entry));
    if (!topic.fifo) {
      deliver(topic, message);
      return { MessageId: message.id };
    }
    message.deduplicationId = entry.MessageDeduplicationId ?? sha256(entry.Message!);
    const scope = topic.attributes.FifoThroughputScope === 'MessageGroup' ? `${message.groupId} ` : '';
    const before = topic.duplicates.get(scope + message.deduplicationId);
    if (before) return before;
    message.sequence = (sequence += SEQUENCE_STEP).toString();
    sequences?.put('last', sequence);
    const answer = { MessageId: message.id, SequenceNumber: message.sequence };
    topic.duplicates.set(scope + message.deduplicationId, answer);
    deliver(topic, message);
    return answer;
  };
}

/** Twenty digits, as AWS's are. */
const FIRST_SEQUENCE = 10_000_000_000_000_000_000n;
const SEQUENCE_STEP = 1000n;

function checkBatch(entries: SNS.PublishBatchRequestEntry[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequestException', 'The batch request doesn’t contain any entries.');
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (Id.length > 80)
      throw new AwsError(
        'InvalidBatchEntryIdException',
        `The Id of a batch entry in the batch request is too long: ${Id}`,
      );
    if (!/^[\w-]+$/.test(Id))
      throw new AwsError(
        'InvalidBatchEntryIdException',
        `The Id of a batch entry in the batch request contains an impermissible character: ${Id}`,
      );
    if (seen.has(Id))
      throw new AwsError(
        'BatchEntryIdsNotDistinctException',
        'Two or more batch entries in the request have the same Id.',
      );
    seen.add(Id);
  }
  if (entries.reduce((size, entry) => size + sizeOf(entry), 0) > LARGEST)
    throw new AwsError(
      'BatchRequestTooLongException',
      'The length of all the messages put together is more than the limit.',
    );
}
