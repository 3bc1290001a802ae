import { distance } from 'fastest-levenshtein';
import type { Contract } from '../contract.ts';
import { refusal } from '../errors.ts';
import { versionOf, type CloudEvent } from './cloudevent.ts';

/** The contract of a type. Throws EVT_UNKNOWN_TYPE with the nearest names. */
export function contractOf(type: string, catalogue: readonly Contract[]): Contract {
  const found = catalogue.find((contract) => contract.type === type);
  if (found) return found;
  const types = catalogue.map((contract) => contract.type);
  throw refusal('EVT_UNKNOWN_TYPE', `${type} is not in the catalogue${nearest(type, types)}`, {
    path: 'type',
  });
}

/** Throws EVT_UNKNOWN_TYPE for a type or version that nobody could read. */
export function checkKnown({ type, dataschema }: CloudEvent, catalogue: readonly Contract[]): void {
  const { version: newest } = contractOf(type, catalogue);
  const version = versionOf(type, dataschema);
  if (version === undefined || version > newest)
    throw refusal('EVT_UNKNOWN_TYPE', `${dataschema} is no version of ${type}; the newest is ${newest}`, {
      path: 'dataschema',
      limit: newest,
    });
}

/** `; the nearest are …`, up to three names, or nothing where there is none. */
export function nearest(name: string, known: readonly string[]): string {
  const near = known.toSorted((a, b) => distance(name, a) - distance(name, b)).slice(0, 3);
  return near.length === 0 ? '' : `; the nearest are ${near.join(', ')}`;
}
