/** At most a hundred at once; the token says where to go on. */
export function page<Item>(
  all: Item[],
  token: string | undefined,
): { items: Item[]; next: { NextToken?: string } } {
  const from = Number(token ?? 0);
  const to = from + PAGE;
  return { items: all.slice(from, to), next: to < all.length ? { NextToken: String(to) } : {} };
}

const PAGE = 100;
