import type { World } from '../../world.ts';
import { inOrder, notFound } from './bus.ts';

/** What EventBridge keeps of one kind, each under a name of its own. */
export interface Named<Thing> {
  /** Throws ResourceNotFoundException. */
  at(name: string | undefined): Thing;
  find(name: string): Thing | undefined;
  withArn(arn: string | undefined): Thing | undefined;
  /** By name. */
  all(): Thing[];
  add(thing: Thing): void;
  remove(thing: Thing): void;
}

/** @param missing what AWS says of a name that nothing has */
export function named<Thing extends { name: string; arn: string }>(
  { durable }: World,
  shelf: string,
  missing: (name: string) => string,
): Named<Thing> {
  const byName = new Map<string, Thing>();
  durable?.map(shelf, byName);
  return {
    at(name = '') {
      const thing = byName.get(name);
      if (!thing) throw notFound(missing(name));
      return thing;
    },
    find: (name) => byName.get(name),
    withArn: (arn) => [...byName.values()].find((thing) => thing.arn === arn),
    all: () => inOrder(byName.values()),
    add: (thing) => void byName.set(thing.name, thing),
    remove: ({ name }) => void byName.delete(name),
  };
}
