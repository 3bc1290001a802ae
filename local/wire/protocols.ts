/** The five ways in which AWS APIs are spoken, each loaded when it is first heard: not every process needs XML or CBOR. */
import type { Refusal } from './failure.ts';
import type { WireAnswer, WireRequest } from './message.ts';
import type { Route } from './route.ts';

export interface Protocol {
  /** Throws for what is no such input. */
  read: (route: Route, request: WireRequest) => object;
  write: (route: Route, output: object, request: WireRequest, requestId: string) => WireAnswer;
  fail: (refusal: Refusal, request: WireRequest) => WireAnswer;
}

/** Those that were loaded. */
export const protocols = new Map<Route['protocol'], Protocol>();

export async function loadProtocol(name: Route['protocol']): Promise<Protocol> {
  const loaded = await LOAD[name]();
  protocols.set(name, loaded);
  return loaded;
}

const LOAD: Record<Route['protocol'], () => Promise<Protocol>> = {
  json: async () => (await import('./protocols/json.ts')).json,
  query: async () => (await import('./protocols/query.ts')).query,
  'rest-json': async () => (await import('./protocols/rest-json.ts')).restJson,
  'rest-xml': async () => (await import('./protocols/rest-xml.ts')).restXml,
  cbor: async () => (await import('./protocols/cbor.ts')).cbor,
};
