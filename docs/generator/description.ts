import { readdirSync, readFileSync } from 'node:fs';
import type { Contract } from '../../functions/runtime/contract.ts';

const FOLDER = new URL('../../functions/contracts/', import.meta.url);

/** What the comment above a contract's declaration says. Throws Error when there is none: everything said is explained. */
export function descriptionOf({ type }: Pick<Contract, 'type'>): string {
  const found = declared().get(type);
  if (found) return found;
  throw new Error(
    `${type} has no description: say what it is in a comment /** … */ above it in functions/contracts/.`,
  );
}

let known: Map<string, string> | undefined;

function declared(): Map<string, string> {
  known ??= new Map(
    readdirSync(FOLDER).flatMap((file) =>
      [...readFileSync(new URL(file, FOLDER), 'utf8').matchAll(DECLARATION)].map(
        ([, comment, type]) => [type!, plain(comment!)] as const,
      ),
    ),
  );
  return known;
}

/** A comment, and the contract right below it. */
const DECLARATION = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*export const \w+ = (?:event|command)\(\s*'([^']+)'/g;

const plain = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, '').trim())
    .join(' ')
    .trim();
