/** Calls `run` with 0, 1, … `count` - 1, with `width` calls under way at any time. */
export async function atOnce(
  width: number,
  count: number,
  run: (i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** What happens a second when `count` things happen while `work` runs. */
export async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1000);
}
