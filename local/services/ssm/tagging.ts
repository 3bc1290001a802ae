import type * as SSM from '@aws-sdk/client-ssm';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { ParameterStore, Stored } from './store.ts';

export const tagging = (store: ParameterStore) => {
  const tagged = (type: string | undefined, id = ''): Stored => {
    if (type !== 'Parameter') throw notModelled(`tags of the resource type ${type}`);
    const found = store.parameters.get(id);
    if (!found)
      throw new AwsError(
        'InvalidResourceId',
        'The resource ID is not valid. Verify that you entered the correct ID and try again.',
      );
    return found;
  };

  return {
    AddTagsToResource({ ResourceType, ResourceId, Tags = [] }: SSM.AddTagsToResourceCommandInput) {
      const stored = tagged(ResourceType, ResourceId);
      const keys = new Set(Tags.map(({ Key }) => Key));
      stored.tags = [...stored.tags.filter(({ Key }) => !keys.has(Key)), ...Tags];
      return {} satisfies Answer<SSM.AddTagsToResourceCommandOutput>;
    },

    RemoveTagsFromResource({
      ResourceType,
      ResourceId,
      TagKeys = [],
    }: SSM.RemoveTagsFromResourceCommandInput) {
      const stored = tagged(ResourceType, ResourceId);
      stored.tags = stored.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
      return {} satisfies Answer<SSM.RemoveTagsFromResourceCommandOutput>;
    },

    ListTagsForResource({ ResourceType, ResourceId }: SSM.ListTagsForResourceCommandInput) {
      return {
        TagList: tagged(ResourceType, ResourceId).tags,
      } satisfies Answer<SSM.ListTagsForResourceCommandOutput>;
    },
  };
};
