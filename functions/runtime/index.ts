/** The library under every handler. */
export * from './contract.ts';
