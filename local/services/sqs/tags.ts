import type * as SQS from '@aws-sdk/client-sqs';
import type { Answer, Call } from '../../service.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { Queues } from './registry.ts';

/** TagQueue, UntagQueue and ListQueueTags. */
export const tagging = (queues: Queues) => ({
  TagQueue({ QueueUrl, Tags }: SQS.TagQueueCommandInput, call: Call) {
    const queue = queues.at(QueueUrl, call);
    if (!Tags) throw missingParameter('Tags');
    checkTags(Tags);
    for (const [key, value] of Object.entries(Tags)) queue.tags.set(key, value);
    return {} satisfies Answer<SQS.TagQueueCommandOutput>;
  },

  UntagQueue({ QueueUrl, TagKeys }: SQS.UntagQueueCommandInput, call: Call) {
    const queue = queues.at(QueueUrl, call);
    if (!TagKeys) throw missingParameter('TagKeys');
    for (const key of TagKeys) queue.tags.delete(key);
    return {} satisfies Answer<SQS.UntagQueueCommandOutput>;
  },

  ListQueueTags(
    { QueueUrl }: SQS.ListQueueTagsCommandInput,
    call: Call,
  ): Answer<SQS.ListQueueTagsCommandOutput> {
    const { tags } = queues.at(QueueUrl, call);
    return tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {};
  },
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html (50 tags are advice, not a limit) */
export function checkTags(tags: Record<string, string>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128)
      throw invalidParameter('Tag keys must be between 1 and 128 characters in length.');
    if (value.length > 256)
      throw invalidParameter('Tag values must be between 0 and 256 characters in length.');
  }
}
