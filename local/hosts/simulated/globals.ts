import vm from 'node:vm';

/** What a context is given besides the language itself, by name. */
export interface Supplied {
  now(): number;
  random(): number;
  globals: Record<string, unknown>;
  /** `AbortSignal.timeout` waits by it. */
  after(ms: number, run: () => void): void;
}

/** A context with the globals of Node, in which time and chance are those of the world. */
export function contextWith({ now, random, globals, after }: Supplied): vm.Context {
  const context = vm.createContext({ ...ofNode(), AbortSignal: signals(after), ...globals });
  const adopt = ADOPT.runInContext(context) as (now: () => number, random: () => number) => void;
  adopt(now, random);
  return context;
}

/**
 * `Date` and `Math.random` as the world says. `instanceof Error` holds for errors of both realms, since those of Node's
 * own modules come from outside of the context.
 */
const ADOPT = new vm.Script(`((now, random) => {
  globalThis.globalThis = globalThis.global = globalThis;
  Math.random = () => random();
  const Native = Date;
  globalThis.Date = new Proxy(Native, {
    construct: (target, args, like) => Reflect.construct(target, args.length ? args : [now()], like),
    apply: () => new Native(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  Native.prototype.constructor = globalThis.Date;
  const ordinary = Function.prototype[Symbol.hasInstance];
  const tag = Object.prototype.toString;
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(value) { return ordinary.call(this, value) || (this === Error && tag.call(value) === '[object Error]'); },
  });
})`);

/** Named only when a context is made, because `fetch` and its kin load Node's whole HTTP client. */
const ofNode = () => ({
  AbortController,
  ArrayBuffer,
  Blob,
  Buffer,
  DOMException,
  Event,
  EventTarget,
  FormData,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  TransformStream,
  URL,
  URLSearchParams,
  Uint8Array,
  WritableStream,
  atob,
  btoa,
  structuredClone,
});

const signals = (after: Supplied['after']) =>
  new Proxy(AbortSignal, {
    get(target, key) {
      if (key !== 'timeout') return Reflect.get(target, key) as unknown;
      return (ms: number) => {
        const controller = new AbortController();
        after(ms, () =>
          controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
        );
        return controller.signal;
      };
    },
  });
