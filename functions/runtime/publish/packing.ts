/** Fills calls by count and by bytes, keeping the order. What is larger than `bytes` alone travels alone. */
export function pack<T>(
  all: readonly T[],
  { count, bytes, sizeOf }: { count: number; bytes: number; sizeOf(one: T): number },
): T[][] {
  const packs: T[][] = [];
  let room = 0;
  for (const one of all) {
    const size = sizeOf(one);
    if (packs.length === 0 || packs.at(-1)!.length >= count || size > room) {
      packs.push([]);
      room = bytes;
    }
    packs.at(-1)!.push(one);
    room -= size;
  }
  return packs;
}
