/** Settings of the AWS clients that functions make: a connection that does not come is given up after a second. */
export const clientSettings = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1_000, requestTimeout },
  // A client's middleware is put together once, not for every call.
  cacheMiddleware: true,
});
