/** Lists come a hundred at a time. https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
export function paged<T>(all: T[], token: string | undefined): { page: T[]; next: string | undefined } {
  const from = Number(Buffer.from(token ?? '', 'base64').toString() || 0);
  const to = from + 100;
  return {
    page: all.slice(from, to),
    next: to < all.length ? Buffer.from(String(to)).toString('base64') : undefined,
  };
}
