/** Lists that IAM hands out in pages. */

/** @default 100 items a page. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
const PAGE = 100;

/** `Marker` is where the next page begins. */
export function page<Item>(
  items: Item[],
  { Marker, MaxItems = PAGE }: { Marker?: string | undefined; MaxItems?: number | undefined },
): { items: Item[]; IsTruncated: boolean; Marker?: string } {
  const from = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  const next = from + MaxItems;
  return {
    items: items.slice(from, next),
    IsTruncated: next < items.length,
    ...(next < items.length && { Marker: Buffer.from(String(next)).toString('base64') }),
  };
}
