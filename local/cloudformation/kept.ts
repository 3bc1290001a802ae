/** Stacks outlive the process; what was going on with one when it was killed is undone, or done to its end, by the next. */
import type { World } from '../world.ts';
import type { Blueprint } from './blueprint.ts';
import type { ChangeSet } from './change-set.ts';
import { deleteStack } from './deletion.ts';
import type { Engine } from './engine.ts';
import { rollBackCreation, rollBackUpdate } from './rollback.ts';
import { eventsKeptOf, stackBecomes, type Stack } from './stack.ts';

export function keepStacks(
  { durable }: World,
  stacks: Map<string, Stack>,
  started: () => Promise<Engine>,
): void {
  if (!durable) return;
  const blueprints = durable.shelf<Blueprint>('cloudformation/blueprints');
  const kept = new Map(blueprints.records());
  const keys = new Map([...kept].map(([key, blueprint]) => [blueprint, key]));
  let last = Math.max(0, ...[...kept.keys()].map(Number));
  const keep = (blueprint: Blueprint | undefined): string | undefined => {
    if (!blueprint || keys.has(blueprint)) return blueprint && keys.get(blueprint);
    const key = String(++last);
    keys.set(blueprint, key);
    blueprints.put(key, blueprint);
    return key;
  };
  const used = new Set<string>();
  const find = (key: string | undefined): { blueprint?: Blueprint } => {
    if (key === undefined) return {};
    used.add(key);
    return { blueprint: kept.get(key)! };
  };

  durable.map('cloudformation/stacks', stacks, {
    store: ({ settled: _settled, events: _events, changeSets, blueprint, ...stack }): KeptStack => ({
      ...stack,
      blueprint: keep(blueprint),
      changeSets: Array.from(changeSets, ([name, { blueprint, ...changeSet }]) => [
        name,
        { ...changeSet, blueprint: keep(blueprint) },
      ]),
    }),
    load: ({ blueprint, changeSets, ...stack }: KeptStack): Stack => ({
      ...stack,
      ...find(blueprint),
      changeSets: new Map(
        changeSets.map(([name, { blueprint, ...changeSet }]) => [name, { ...changeSet, ...find(blueprint) }]),
      ),
      events: eventsKeptOf(durable, stack.id)
        .records()
        .map(([, event]) => event),
      settled: Promise.resolve(),
    }),
  });
  for (const key of kept.keys()) if (!used.has(key)) blueprints.delete(key);
  durable.onceStarted(() => {
    for (const stack of stacks.values())
      if (stack.status.endsWith('_IN_PROGRESS'))
        stack.settled = started().then((engine) => resume(stack, engine));
  });
}

interface KeptStack extends Omit<Stack, 'settled' | 'events' | 'changeSets' | 'blueprint'> {
  /** Key of the blueprint, which is kept by itself: it is large and never changes. */
  blueprint: string | undefined;
  changeSets: [name: string, Omit<ChangeSet, 'blueprint'> & { blueprint: string | undefined }][];
}

const REASON = 'The embedded AWS ended during the operation. ';

/** What was made when the process ended, but not yet noted, stays behind. */
async function resume(stack: Stack, engine: Engine): Promise<void> {
  stack.journal = stack.journal.filter(({ before, after }) => after || !before);
  switch (stack.status) {
    case 'CREATE_IN_PROGRESS':
    case 'ROLLBACK_IN_PROGRESS':
      return rollBackCreation(stack, engine, REASON);
    case 'UPDATE_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      stack.settings = stack.settingsBefore ?? stack.settings;
      return rollBackUpdate(stack, engine, REASON, []);
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      return stackBecomes(stack, 'UPDATE_COMPLETE', engine.world);
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      return stackBecomes(stack, 'UPDATE_ROLLBACK_COMPLETE', engine.world);
    case 'DELETE_IN_PROGRESS':
      return deleteStack(stack, [], engine);
    default: // REVIEW_IN_PROGRESS waits for its change set
  }
}
