/** Makes the call of a target, as the schedule's role. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { nullValues, requiredIn } from '../../wire/required.ts';
import type { World } from '../../world.ts';
import type { Sdk } from './sdk.ts';
import type { Request } from './target.ts';

export const PRINCIPAL = 'scheduler.amazonaws.com';
export const SESSION = 'EventBridgeScheduler';

/** Throws what the target's own API would have answered. */
export type Send = (principal: Principal, request: Request) => Promise<void>;

export function sending(world: World, sdk: Sdk): Send {
  return async (principal, { service, action, input }) => {
    const operation = (await sdk.operation(service, action))!;
    const shaped = shapedBy(operation.input, input) as object;
    const missing = requiredIn(operation.input)?.(shaped) ?? [];
    if (missing.length > 0) throw nullValues(missing);
    const output = await world.call<Partial<PutEvents>>(
      principal,
      operation.model.service as never,
      operation.name,
      shaped,
    );
    const [entry] = output?.Entries ?? [];
    if (action === 'putEvents' && entry?.ErrorCode !== undefined)
      throw new AwsError(entry.ErrorCode, entry.ErrorMessage ?? '');
  };
}

/** Refuses single entries in a successful answer. */
interface PutEvents {
  Entries: { ErrorCode?: string; ErrorMessage?: string }[];
}

/**
 * Parsed JSON in the SDK's shapes: members in any case, since AWS writes them as its SDK for Java does
 * (`DbInstanceIdentifier`), blobs from text, timestamps from seconds or a date.
 */
function shapedBy(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isBlobSchema() && typeof value === 'string') return Buffer.from(value);
  if (schema.isTimestampSchema())
    return new Date(typeof value === 'number' ? value * 1000 : (value as string));
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => shapedBy(schema.getValueSchema(), item));
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if (schema.isMapSchema()) return mapped(value, schema.getValueSchema());
  return schema.isStructSchema() ? structure(schema, value) : value;
}

function structure(schema: NormalizedSchema, value: object): object {
  const members = new Map(
    Array.from(schema.structIterator(), ([name, member]) => [name.toLowerCase(), { name, member }]),
  );
  return Object.fromEntries(
    Object.entries(value).flatMap(([given, inner]) => {
      const known = members.get(given.toLowerCase());
      return known ? [[known.name, shapedBy(known.member, inner)]] : [];
    }),
  );
}

const mapped = (value: object, schema: NormalizedSchema): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapedBy(schema, inner)]));
