import { invalid } from '../errors.ts';
import type { AttributeValue, Item } from '../value.ts';
import type { ResolvedPath } from './projection.ts';
import { valueAt } from './scope.ts';

/**
 * An item being changed at paths that `checkHolder` let pass: only the maps and lists on the way to a change are copied, all else is shared with the item as
 * it was. Positions in lists are those before any change: what is removed leaves a hole until all is done.
 */
export function draftOf(before: Item) {
  const item = { ...before };
  const lists: AttributeValue[][] = [];
  const copied = new Set<object>([item]);

  /** The map or list that holds the last part of the path, copied. */
  const holderOf = (path: ResolvedPath): Item | AttributeValue[] => {
    let holder: Item | AttributeValue[] = item;
    for (const part of path.slice(0, -1)) {
      const value: AttributeValue = (holder as Item)[part]!;
      const next: Item | AttributeValue[] = (value.M ?? value.L)!;
      holder = copied.has(next) ? next : copyInto(holder, part, next);
    }
    return holder;
  };
  const copyInto = (
    holder: Item | AttributeValue[],
    part: string | number,
    next: Item | AttributeValue[],
  ) => {
    const copy = Array.isArray(next) ? [...next] : { ...next };
    copied.add(copy);
    if (Array.isArray(copy)) lists.push(copy);
    put(holder, part, Array.isArray(copy) ? { L: copy } : { M: copy });
    return copy;
  };

  return {
    set(path: ResolvedPath, value: AttributeValue): void {
      put(holderOf(path), path.at(-1)!, value);
    },
    remove(path: ResolvedPath): void {
      const holder = holderOf(path);
      delete (holder as Item)[path.at(-1)!];
    },
    done(): Item {
      for (const list of lists) closeHoles(list);
      return item;
    },
  };
}

/** Throws ValidationException if the item has no map or list to hold what the path names. */
export function checkHolder(item: Item, path: ResolvedPath): void {
  if (path.length === 1) return;
  const holder = valueAt(item, path.slice(0, -1));
  if (!(typeof path.at(-1) === 'number' ? holder?.L : holder?.M))
    throw invalid('The document path provided in the update expression is invalid for update');
}

const put = (holder: Item | AttributeValue[], part: string | number, value: AttributeValue): void => {
  (holder as Item)[part] = value;
};

/** `filter` passes over holes, also those before an element that was set far behind the end. */
function closeHoles(list: AttributeValue[]): void {
  const dense = list.filter(() => true);
  list.length = 0;
  for (const element of dense) list.push(element);
}
