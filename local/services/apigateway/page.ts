/** Lists come 25 at a time unless asked otherwise, at most 500. https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html */
export function paged<T>(
  all: Iterable<T>,
  { position, limit = 25 }: { position?: string | undefined; limit?: number | undefined },
): { items: T[]; position?: string } {
  const items = [...all];
  const from = Number(Buffer.from(position ?? '', 'base64').toString() || 0);
  const to = from + Math.min(Math.max(limit, 1), 500);
  return {
    items: items.slice(from, to),
    ...(to < items.length && { position: Buffer.from(String(to)).toString('base64') }),
  };
}
