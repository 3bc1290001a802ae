/**
 * What endpoints are known not to do, by the name of the fact: it is expected to fail there, and a fact that comes to
 * hold fails the suite until it is taken off the list.
 */
export const DIVERGENCES: Record<string, Record<string, string>> = {
  localstack: {},
  'dynamodb-local': {},
};
