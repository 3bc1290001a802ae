import type { Tag } from '@aws-sdk/client-cloudformation';
import type { World } from '../world.ts';
import type { NameShape, Site } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** Where a resource of `stack` stands. */
export const siteOf = (stack: Stack, logicalId: string, type: string, world: World): Site => ({
  world,
  type,
  logicalId,
  stack: { id: stack.id, name: stack.name },
  account: world.account,
  region: world.region,
  call: (service, operation, input) => world.call(stack.principal, service, operation, input),
  made() {},
  name: (given, shape) => given ?? madeUp(stack.name, logicalId, shape, world),
  tags: (own) => mergedTags(stack.settings.tags, own),
});

/** `STACK-LOGICALID-12LETTERS`, both parts cut evenly to what the type allows. */
function madeUp(
  stack: string,
  logicalId: string,
  { longest, lowerCase = false, suffix = '' }: NameShape,
  { random }: World,
): string {
  const room = longest - suffix.length - '--'.length - UNIQUE;
  const forStack = Math.max(Math.ceil(room / 2), room - logicalId.length);
  const stackPart = stack.slice(0, forStack);
  const name = `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${random.letters(UNIQUE)}${suffix}`;
  return lowerCase ? name.toLowerCase() : name;
}

const UNIQUE = 12;

function mergedTags(stack: Tag[], own: Tag[] = []): { Key: string; Value: string }[] {
  const merged = new Map([...stack, ...own].map(({ Key = '', Value = '' }) => [Key, Value]));
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}
