let offset = 0;
let patched = false;

/** Lets `Date` in this process follow a host whose clock has skipped ahead by `skipped` ms. */
export function followClock(skipped: number): void {
  // Both clocks are read one after the other: a few milliseconds are no skip.
  if (Math.abs(skipped - offset) > 50) offset = skipped;
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
