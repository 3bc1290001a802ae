/** Tags of keys. https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html */
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { checkStaying, type Keys } from './key.ts';
import { page } from './limits.ts';

export const tagging = (keys: Keys) => ({
  TagResource({ KeyId, Tags = [] }: KMS.TagResourceCommandInput) {
    const key = keys.at(KeyId);
    checkStaying(key);
    checkTags(Tags, key.tags);
    for (const { TagKey = '', TagValue = '' } of Tags) key.tags.set(TagKey, TagValue);
    return {} satisfies Answer<KMS.TagResourceCommandOutput>;
  },

  UntagResource({ KeyId, TagKeys = [] }: KMS.UntagResourceCommandInput) {
    const key = keys.at(KeyId);
    checkStaying(key);
    for (const name of TagKeys) key.tags.delete(name);
    return {} satisfies Answer<KMS.UntagResourceCommandOutput>;
  },

  ListResourceTags({ KeyId, ...rest }: KMS.ListResourceTagsCommandInput) {
    const { items, ...next } = page([...keys.at(KeyId).tags], rest, 50);
    const Tags = items.map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    return { Tags, ...next } satisfies Answer<KMS.ListResourceTagsCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html */
const MOST = 50;

export function checkTags(tags: KMS.Tag[], before: Map<string, string>): void {
  const names = tags.map(({ TagKey = '' }) => TagKey);
  if (new Set(names).size < names.length) throw refused('Duplicate tag keys');
  if (names.some((name) => name.toLowerCase().startsWith('aws:')))
    throw refused('Tags beginning with aws: are reserved');
  if (new Set([...before.keys(), ...names]).size > MOST) throw refused('Too many tags');
}

const refused = (message: string) => new AwsError('TagException', message);
