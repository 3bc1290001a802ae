/** The library under every handler. */
export * from './consume.ts';
export * from './contract.ts';
export * from './errors.ts';
export * from './contract/cloudevent.ts';
export * from './contract/where.ts';
