import { paged } from '../apigateway/page.ts';

export function listed<T>(
  all: Iterable<T>,
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults?: string | undefined },
): { Items: T[]; NextToken?: string } {
  const { items, position } = paged(all, {
    position: NextToken,
    ...(MaxResults !== undefined && { limit: Number(MaxResults) }),
  });
  return { Items: items, ...(position !== undefined && { NextToken: position }) };
}
