import type { Route } from '../../functions/runtime/contract.ts';

/** The conditions of the routes, as EventBridge takes them; none where one of the routes takes everything. */
export const filtersOf = (routes: readonly Route[]): object[] =>
  routes.every(({ pattern }) => pattern.detail) ? routes.map(({ pattern }) => pattern.detail!) : [];
