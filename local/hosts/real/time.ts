let offset = 0;
let patched = false;

/** Lets `Date` in this process follow a host whose clock is ahead of the machine's by `skipped` ms. */
export function followClock(skipped: number): void {
  offset = skipped;
  if (patched || offset === 0) return;
  patched = true;
  const Native = Date;
  const machine = Native.now.bind(Native);
  Native.now = () => machine() + offset;
  globalThis.Date = new Proxy(Native, {
    construct: (target, args, like) =>
      Reflect.construct(target, args.length > 0 ? args : [Native.now()], like) as object,
    apply: () => new Native(Native.now()).toString(),
  });
  Object.defineProperty(Native.prototype, 'constructor', { value: globalThis.Date });
}
