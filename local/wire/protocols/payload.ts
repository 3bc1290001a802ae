/** A member that is the whole body as it stands: bytes or text. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { bytes, EMPTY, type WireAnswer } from '../message.ts';

export const isRaw = (schema: NormalizedSchema): boolean => schema.isBlobSchema() || schema.isStringSchema();

export function rawPayload(
  schema: NormalizedSchema,
  value: unknown,
  headers: Record<string, string>,
): Pick<WireAnswer, 'body' | 'streamed' | 'headers'> {
  const type = schema.isStreaming() ? 'application/octet-stream' : 'application/json';
  return {
    headers: { 'content-type': type, ...headers },
    body: value === undefined ? EMPTY : typeof value === 'string' ? bytes(value) : (value as Uint8Array),
    streamed: schema.isStreaming(),
  };
}
