import type { Tag } from '@aws-sdk/client-cloudformation';

/** Some services write tags as a map, others as a list. */
export const tagsOfMap = (map: Record<string, string> = {}): Tag[] =>
  Object.entries(map).map(([Key, Value]) => ({ Key, Value }));

export const mapOfTags = (tags: Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** The keys that were there and are no longer. */
export const goneTags = (before: Tag[], after: Tag[]): string[] =>
  before.map(({ Key = '' }) => Key).filter((key) => !after.some(({ Key }) => Key === key));
