import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Headers by their names in lower case. What was sent several times is joined by commas, as RFC 9110 reads it. */
export type Headers = Readonly<Record<string, string | undefined>>;

export function headersOf({
  headers,
  multiValueHeaders,
}: Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>): Headers {
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, value] as const);
  const several = Object.entries(multiValueHeaders ?? {}).map(
    ([name, values]) => [name, values?.join(', ')] as const,
  );
  return Object.fromEntries([...single, ...several].map(([name, value]) => [name.toLowerCase(), value]));
}
