import type { Route } from './contracts.ts';

/** An EventBridge event pattern, as PutRule takes it. */
export interface EventPattern {
  readonly source?: readonly unknown[];
  readonly 'detail-type'?: readonly unknown[];
  readonly detail?: object;
  readonly $or?: readonly EventPattern[];
}

/**
 * One pattern that matches what any of the given ones matches, and nothing else. Whole events of one source share a
 * branch; an event narrowed by content has its own. Several branches are joined by `$or`.
 */
export function mergedPattern(events: readonly Route[]): EventPattern {
  const whole = events.filter(({ pattern }) => pattern.detail === undefined);
  const wholeTypes = new Set(whole.map(({ contract }) => contract.type));
  const narrowed = events.filter((event) => !whole.includes(event) && !wholeTypes.has(event.contract.type));

  const branches = [...bySource(whole), ...narrowed.map(({ pattern }) => pattern)];
  return branches.length === 1 ? branches[0]! : { $or: branches };
}

/**
 * A pattern for everything that the given events are not: from another source, or from a known source of a type that is
 * not its own. Each type is named once, because a pattern has 2,048 characters at most. Without any event it matches
 * everything.
 */
export function unroutedPattern(events: readonly Route[]): EventPattern {
  if (events.length === 0) return { source: [{ prefix: '' }] };
  const known = bySource(events);
  return {
    $or: [
      { source: [{ 'anything-but': known.flatMap(({ source }) => source) }] },
      ...known.map(({ source, 'detail-type': types }) => ({
        source,
        'detail-type': [{ 'anything-but': types }],
      })),
    ],
  };
}

type Whole = Required<Pick<EventPattern, 'source' | 'detail-type'>>;

function bySource(events: readonly Route[]): Whole[] {
  const types = new Map<string, Set<string>>();
  for (const { contract } of events) {
    const known = types.get(contract.source) ?? new Set();
    types.set(contract.source, known.add(contract.type));
  }
  return [...types].map(([source, ofSource]) => ({ source: [source], 'detail-type': [...ofSource] }));
}
