import type { LogStore } from './store.ts';

/** To come. */
export function writing(_store: LogStore) {
  return {};
}
