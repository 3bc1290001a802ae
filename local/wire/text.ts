/** Single values that travel as text: in a path, a query, a header, a Query request. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';

/** Reads one value. Throws for a number or a time that is none. */
export function fromText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isStringSchema()) return text;
  if (schema.isBooleanSchema()) return text.toLowerCase() === 'true';
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema())
    return number(text);
  if (schema.isTimestampSchema()) return time(text);
  if (schema.isBlobSchema()) return Uint8Array.from(Buffer.from(text, 'base64'));
  return text;
}

/** Writes one value; `timestamps` is how a place writes times whose shape does not say. */
export function toText(
  schema: NormalizedSchema,
  value: unknown,
  timestamps: 'http-date' | 'date-time',
): string {
  if (value instanceof Date) {
    const format = schema.getSchema();
    if (format === EPOCH_SECONDS) return String(value.getTime() / 1000);
    if (format === DATE_TIME || (format === UNSAID && timestamps === 'date-time'))
      return value.toISOString().replace('.000Z', 'Z');
    return value.toUTCString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

const UNSAID = 4;
const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** Text out of a path, without its percent signs. Throws InvalidURI for what is no encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw new AwsError('MalformedInput', `Invalid number: ${text}`);
  return value;
}

function time(text: string): Date {
  const value = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (Number.isNaN(value.getTime())) throw new AwsError('MalformedInput', `Invalid timestamp: ${text}`);
  return value;
}
