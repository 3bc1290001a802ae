import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Site } from './resource-types.ts';
import { same } from './values.ts';

/** Some services write tags as a map, others as a list. */
export const tagsOfMap = (map: Record<string, string> = {}): Tag[] =>
  Object.entries(map).map(([Key, Value]) => ({ Key, Value }));

export const mapOfTags = (tags: Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** How a service takes tags off a resource and puts them on. */
interface Tagging {
  untag(keys: string[]): Promise<unknown>;
  tag(tags: Tag[]): Promise<unknown>;
}

/** Brings a resource's tags, which lie over those of the stack, from what they were to what they shall be. */
export async function retag(
  own: Tag[] | undefined,
  previous: Tag[] | undefined,
  site: Site,
  { untag, tag }: Tagging,
): Promise<void> {
  const [before, after] = [site.tags(previous), site.tags(own)];
  if (same(before, after)) return;
  const gone = before.map(({ Key }) => Key).filter((key) => !after.some(({ Key }) => Key === key));
  if (gone.length > 0) await untag(gone);
  if (after.length > 0) await tag(after);
}
