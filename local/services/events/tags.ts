/** Tags of buses and rules. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Answer } from '../../service.ts';
import { invalid, tagMap, type Buses } from './bus.ts';

export function tagOperations(buses: Buses) {
  return {
    TagResource({ ResourceARN, Tags }: EventBridge.TagResourceCommandInput) {
      const tags = tagsOf(buses, ResourceARN);
      for (const [key, value] of tagMap(Tags)) tags.set(key, value);
      return {} satisfies Answer<EventBridge.TagResourceCommandOutput>;
    },

    UntagResource({ ResourceARN, TagKeys = [] }: EventBridge.UntagResourceCommandInput) {
      const tags = tagsOf(buses, ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {} satisfies Answer<EventBridge.UntagResourceCommandOutput>;
    },

    ListTagsForResource({ ResourceARN }: EventBridge.ListTagsForResourceCommandInput) {
      return {
        Tags: Array.from(tagsOf(buses, ResourceARN), ([Key, Value]) => ({ Key, Value })),
      } satisfies Answer<EventBridge.ListTagsForResourceCommandOutput>;
    },
  };
}

function tagsOf(buses: Buses, arn = ''): Map<string, string> {
  const [kind, ...names] = arn.split(':').slice(5).join(':').split('/');
  if (kind === 'event-bus') return buses.at(arn).tags;
  if (kind !== 'rule') throw invalid('Parameter ResourceARN is not valid.');
  const [name, bus] = names.toReversed();
  return buses.rule(name, bus).tags;
}
