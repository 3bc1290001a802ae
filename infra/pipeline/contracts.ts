import type { Contract, Route } from '../../functions/runtime/contract.ts';

export type { Contract, Route };

/** What travels through the bus. */
export const eventsOf = (on: readonly Route[]): Route[] =>
  on.filter(({ contract }) => contract.kind !== 'command');

/** What travels through the queue of its one consumer. */
export const commandsOf = (on: readonly Route[]): Contract[] =>
  on.map(({ contract }) => contract).filter(({ kind }) => kind === 'command');

/** The types of these, each once. */
export const typesOf = (on: readonly Route[]): string[] => [
  ...new Set(on.map(({ contract }) => contract.type)),
];
