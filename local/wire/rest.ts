/** Where REST puts the members of a shape: path, query, headers, status or body. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { fromText, toText } from './text.ts';

/** A shape's members by name. */
export type Members = Record<string, unknown>;

/** The places of one input shape. */
interface Places {
  query: [wireName: string, name: string, schema: NormalizedSchema][];
  queryRest?: string;
  headers: [wireName: string, name: string, schema: NormalizedSchema][];
  prefixes: [prefix: string, name: string, schema: NormalizedSchema][];
  labels: Map<string, NormalizedSchema>;
  status?: string;
  /** The member that is the whole body. */
  payload?: [name: string, schema: NormalizedSchema];
  /** The members that share the body. */
  body: Set<string>;
}

const known = new WeakMap<object, Places>();

export function placesOf(schema: NormalizedSchema): Places {
  const before = known.get(schema);
  if (before) return before;
  const places: Places = { query: [], headers: [], prefixes: [], labels: new Map(), body: new Set() };
  known.set(schema, places);
  for (const [name, member] of schema.isStructSchema() ? schema.structIterator() : [])
    place(places, name, member);
  return places;
}

function place(places: Places, name: string, member: NormalizedSchema) {
  const traits = member.getMergedTraits() as Record<string, string | 1 | undefined>;
  if (traits.httpLabel) places.labels.set(name, member);
  else if (traits.httpQuery) places.query.push([traits.httpQuery as string, name, member]);
  else if (traits.httpQueryParams) places.queryRest = name;
  else if (traits.httpHeader)
    places.headers.push([(traits.httpHeader as string).toLowerCase(), name, member]);
  else if (traits.httpPrefixHeaders !== undefined)
    places.prefixes.push([(traits.httpPrefixHeaders as string).toLowerCase(), name, member.getValueSchema()]);
  else if (traits.httpResponseCode) places.status = name;
  else if (traits.httpPayload) places.payload = [name, member];
  else places.body.add(name);
}

/** Everything of an input that is not in its body. */
export function readPlaces(
  schema: NormalizedSchema,
  labels: Record<string, string>,
  query: URLSearchParams,
  headers: Record<string, string | undefined>,
): Record<string, unknown> {
  const places = placesOf(schema);
  const input: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(labels)) {
    const member = places.labels.get(name);
    if (member) input[name] = fromText(member, text);
  }
  for (const [wireName, name, member] of places.query) {
    const given = query.getAll(wireName);
    if (given.length > 0)
      input[name] = member.isListSchema()
        ? given.map((text) => fromText(member.getValueSchema(), text))
        : fromText(member, given[0]!);
  }
  for (const [wireName, name, member] of places.headers) {
    const given = headers[wireName];
    if (given !== undefined)
      input[name] = member.isListSchema()
        ? given.split(',').map((text) => fromText(member.getValueSchema(), text.trim()))
        : fromText(member, given);
  }
  for (const [prefix, name, member] of places.prefixes) {
    const matching = Object.entries(headers).filter(([header]) => header.startsWith(prefix));
    if (matching.length > 0)
      input[name] = Object.fromEntries(
        matching.map(([header, text]) => [header.slice(prefix.length), fromText(member, text ?? '')]),
      );
  }
  if (places.queryRest) {
    const taken = new Set(places.query.map(([wireName]) => wireName));
    input[places.queryRest] = Object.fromEntries([...query].filter(([name]) => !taken.has(name)));
  }
  return input;
}

/** The headers of an output, and its status where the output decides it. */
export function writePlaces(
  schema: NormalizedSchema,
  output: Record<string, unknown>,
): { headers: Record<string, string>; status?: number } {
  const places = placesOf(schema);
  const headers: Record<string, string> = {};
  for (const [wireName, name, member] of places.headers) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    headers[wireName] = Array.isArray(value)
      ? value.map((item) => toText(member.getValueSchema(), item, 'http-date')).join(',')
      : toText(member, value, 'http-date');
  }
  for (const [prefix, name, member] of places.prefixes) {
    for (const [key, value] of Object.entries((output[name] ?? {}) as Record<string, unknown>))
      headers[prefix + key.toLowerCase()] = toText(member, value, 'http-date');
  }
  const status = places.status === undefined ? undefined : output[places.status];
  return { headers, ...(typeof status === 'number' && { status }) };
}

/** The members of an output that share its body. */
export function bodyOf(schema: NormalizedSchema, output: Record<string, unknown>): Record<string, unknown> {
  const { body } = placesOf(schema);
  return Object.fromEntries(Object.entries(output).filter(([name]) => body.has(name)));
}
