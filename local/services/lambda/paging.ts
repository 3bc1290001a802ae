/** A page of a list; the marker is where the next one begins. */
export function paged<T>(all: T[], Marker: string | undefined, MaxItems: number) {
  const from = Marker ? Number(Buffer.from(Marker, 'base64').toString()) : 0;
  const end = from + MaxItems;
  return {
    page: all.slice(from, end),
    next: end < all.length ? { NextMarker: Buffer.from(String(end)).toString('base64') } : {},
  };
}
