/** How templates and API Gateway's own operations differ: upper case against lower case, and values against patches. */
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Site } from './resource-types.ts';
import { mapOfTags, retag } from './tags.ts';
import { same, textOf, type Dictionary } from './values.ts';

/** The same members under the names that operations have for them; what they hold stays. */
export const camelCased = (properties: Dictionary): Dictionary =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name[0]!.toLowerCase() + name.slice(1), value]),
  );

export const patch = (op: 'add' | 'remove' | 'replace', path: string, value?: unknown): PatchOperation => ({
  op,
  path,
  ...(value !== undefined && { value: textOf(value) }),
});

/** What leads from one set of values to another, both by their paths. */
export function changes(before: Dictionary, after: Dictionary): PatchOperation[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths
    .filter((path) => !same(before[path], after[path]))
    .map((path) => (after[path] === undefined ? patch('remove', path) : patch('replace', path, after[path])));
}

/** A part of a path, with its own slashes. */
export const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

export async function putAll(
  operation: 'PutMethodResponse' | 'PutIntegrationResponse',
  method: object,
  responses: Dictionary[],
  site: Site,
): Promise<void> {
  for (const response of responses)
    await site.call('apigateway', operation, { ...camelCased(response), ...method });
}

/** @param path of the resource, such as `/restapis/ID` */
export async function retagAt(
  path: string,
  own: Tag[] | undefined,
  previous: Tag[] | undefined,
  site: Site,
): Promise<void> {
  const resourceArn = `arn:aws:apigateway:${site.region}::${path}`;
  await retag(own, previous, site, {
    untag: (tagKeys) => site.call('apigateway', 'UntagResource', { resourceArn, tagKeys }),
    tag: (tags) => site.call('apigateway', 'TagResource', { resourceArn, tags: mapOfTags(tags) }),
  });
}
