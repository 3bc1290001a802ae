/** Tags of alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';

export type Tags = ReturnType<typeof tagsOfAlarms>;

export function tagsOfAlarms({ durable }: World) {
  const byArn = new Map<string, Map<string, string>>();
  durable?.map('monitoring/tags', byArn);
  const at = (arn: string) => {
    let tags = byArn.get(arn);
    if (!tags) byArn.set(arn, (tags = new Map()));
    return tags;
  };
  const set = (arn: string, tags: CloudWatch.Tag[]) => {
    for (const { Key = '', Value = '' } of tags) at(arn).set(Key, Value);
  };
  return {
    /** Adds to those that are there. */
    set,
    forget: (arn: string) => void byArn.delete(arn),
    operations: {
      TagResource({ ResourceARN = '', Tags = [] }: CloudWatch.TagResourceCommandInput) {
        set(ResourceARN, Tags);
        return {} satisfies Answer<CloudWatch.TagResourceCommandOutput>;
      },
      UntagResource({ ResourceARN = '', TagKeys = [] }: CloudWatch.UntagResourceCommandInput) {
        for (const key of TagKeys) at(ResourceARN).delete(key);
        return {} satisfies Answer<CloudWatch.UntagResourceCommandOutput>;
      },
      ListTagsForResource({ ResourceARN = '' }: CloudWatch.ListTagsForResourceCommandInput) {
        return {
          Tags: Array.from(at(ResourceARN), ([Key, Value]) => ({ Key, Value })),
        } satisfies Answer<CloudWatch.ListTagsForResourceCommandOutput>;
      },
    },
  };
}
