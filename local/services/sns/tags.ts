import type * as SNS from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { invalid } from './errors.ts';
import type { Topics } from './topic.ts';

/** TagResource, UntagResource and ListTagsForResource. */
export const tagging = (topics: Topics) => ({
  TagResource({ ResourceArn, Tags = [] }: SNS.TagResourceCommandInput) {
    const { tags } = topicAt(topics, ResourceArn);
    for (const [key, value] of checkedTags(Tags)) tags.set(key, value);
    return {} satisfies Answer<SNS.TagResourceCommandOutput>;
  },

  UntagResource({ ResourceArn, TagKeys = [] }: SNS.UntagResourceCommandInput) {
    const { tags } = topicAt(topics, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {} satisfies Answer<SNS.UntagResourceCommandOutput>;
  },

  ListTagsForResource({ ResourceArn }: SNS.ListTagsForResourceCommandInput) {
    const { tags } = topicAt(topics, ResourceArn);
    return {
      Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    } satisfies Answer<SNS.ListTagsForResourceCommandOutput>;
  },
});

function topicAt(topics: Topics, arn = '') {
  const topic = topics.of(arn);
  if (!topic) throw new AwsError('ResourceNotFoundException', 'Resource does not exist');
  return topic;
}

export function checkedTags(tags: SNS.Tag[]): Map<string, string> {
  const checked = new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  if (checked.size < tags.length) throw invalid('Duplicated keys are not allowed.');
  return checked;
}
