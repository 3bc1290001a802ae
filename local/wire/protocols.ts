/** The five ways in which AWS APIs are spoken, each loaded when it is first heard: not every process needs XML or CBOR. */
import type { Clock } from '../clock.ts';
import type { Refusal } from './failure.ts';
import type { WireAnswer, WireRequest } from './message.ts';
import type { Route } from './route.ts';

export interface Protocol {
  /** Throws for what is no such input. */
  read: (route: Route, request: WireRequest) => object;
  write: (route: Route, output: object, request: WireRequest, requestId: string) => WireAnswer;
  fail: (refusal: Refusal, request: WireRequest) => WireAnswer;
}

export type Protocols = (name: Route['protocol']) => Protocol | Promise<Protocol>;

/** @param hold keeps time still while one is loaded; the first use in a world takes its turn, loaded or not */
export function protocolsWith({ hold }: Pick<Clock, 'hold'>): Protocols {
  const known = new Map<Route['protocol'], Protocol>();
  const met = async (name: Route['protocol']): Promise<Protocol> => {
    const protocol = await hold(LOAD[name]());
    known.set(name, protocol);
    return protocol;
  };
  return (name) => known.get(name) ?? met(name);
}

const LOAD: Record<Route['protocol'], () => Promise<Protocol>> = {
  json: async () => (await import('./protocols/json.ts')).json,
  query: async () => (await import('./protocols/query.ts')).query,
  'rest-json': async () => (await import('./protocols/rest-json.ts')).restJson,
  'rest-xml': async () => (await import('./protocols/rest-xml.ts')).restXml,
  cbor: async () => (await import('./protocols/cbor.ts')).cbor,
};
