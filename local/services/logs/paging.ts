/** A page of a list; the token is where the next one begins. */
export function paged<T>(all: T[], token: string | undefined, limit: number) {
  const from = token ? Number(Buffer.from(token, 'base64').toString()) : 0;
  const end = from + limit;
  return {
    page: all.slice(from, end),
    next: end < all.length ? { nextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}
