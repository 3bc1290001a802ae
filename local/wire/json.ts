/**
 * JSON in and out, compiled once a shape: what needs no conversion goes straight through `JSON.parse` and
 * `JSON.stringify` after a check of its types. Only blobs, timestamps and renamed members cost more.
 */
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';
import { text } from './message.ts';

/** Turns parsed JSON into the SDK's shape, in place where it can. Throws SerializationException for a wrong type. */
export type Read = (value: unknown) => unknown;
/** Turns the SDK's shape into what JSON can say. */
export type Write = (value: unknown) => unknown;

interface Compiled {
  read: Map<unknown, Read>;
  write: Map<unknown, Write | undefined>;
}

/** Compiled shapes; `jsonName` says whether members may have another name on the wire (REST only). */
export function jsonShapes(jsonName: boolean) {
  const known: Compiled = { read: new Map(), write: new Map() };
  return {
    read: (schema: NormalizedSchema): Read => readerOf(schema, known, jsonName),
    /** `undefined` where the value can be written as it is. */
    write: (schema: NormalizedSchema): Write | undefined => writerOf(schema, known, jsonName),
  };
}

const TIMESTAMP_DATE_TIME = 5;
const TIMESTAMP_HTTP_DATE = 6;

function readerOf(schema: NormalizedSchema, known: Compiled, jsonName: boolean): Read {
  const key = schema.getSchema();
  const before = known.read.get(key);
  if (before) return before;
  if (!schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema())
    return scalarReader(schema);
  let read: Read | undefined;
  known.read.set(key, (value) => read!(value)); // for shapes that contain themselves
  read = schema.isStructSchema()
    ? structReader(schema, known, jsonName)
    : schema.isListSchema()
      ? listReader(readerOf(schema.getValueSchema(), known, jsonName))
      : mapReader(readerOf(schema.getValueSchema(), known, jsonName));
  known.read.set(key, read);
  return read;
}

function structReader(schema: NormalizedSchema, known: Compiled, jsonName: boolean): Read {
  const members = new Map<string, { name: string; read: Read }>();
  for (const [name, member] of schema.structIterator()) {
    const wireName = (jsonName && member.getMergedTraits().jsonName) || name;
    members.set(wireName, { name, read: readerOf(member, known, jsonName) });
  }
  return (value) => {
    if (typeof value !== 'object' || value === null) throw wrongType(value, 'Structure');
    if (Array.isArray(value)) throw serialization('Unrecognized collection type class java.util.ArrayList');
    const struct = value as Record<string, unknown>;
    for (const key of Object.keys(struct)) {
      const member = members.get(key);
      const given = struct[key];
      if (!member || given === null) {
        delete struct[key]; // AWS passes over members that it does not know, and takes null for absent
      } else {
        const read = member.read(given);
        if (member.name !== key) delete struct[key];
        if (member.name !== key || read !== given) struct[member.name] = read;
      }
    }
    return struct;
  };
}

const listReader =
  (read: Read): Read =>
  (value) => {
    if (!Array.isArray(value))
      throw typeof value === 'object'
        ? serialization('Start of structure or map found where not expected.')
        : serialization('Unexpected field type');
    for (let i = 0; i < value.length; i++) {
      if (value[i] !== null) value[i] = read(value[i]);
    }
    return value;
  };

const mapReader =
  (read: Read): Read =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw serialization('Unexpected field type');
    const map = value as Record<string, unknown>;
    for (const key of Object.keys(map)) {
      const given = map[key];
      if (given === null) {
        delete map[key];
        continue;
      }
      const read_ = read(given);
      if (read_ !== given)
        Object.defineProperty(map, key, {
          value: read_,
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
    return map;
  };

function scalarReader(schema: NormalizedSchema): Read {
  if (schema.isStringSchema()) return expecting('string', 'String');
  if (schema.isBooleanSchema()) return expecting('boolean', 'Boolean');
  if (schema.isBlobSchema())
    return (value) =>
      typeof value === 'string'
        ? Uint8Array.from(Buffer.from(value, 'base64'))
        : wrongType(value, 'Blob', true);
  if (schema.isTimestampSchema()) return (value) => new Date(milliseconds(value));
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema())
    return (value) => {
      if (typeof value === 'number') return value;
      if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
      throw wrongType(value, 'Number');
    };
  return (value) => value;
}

const expecting =
  (type: 'string' | 'boolean', javaType: string): Read =>
  (value) => {
    if (typeof value !== type) throw wrongType(value, javaType);
    return value;
  };

function milliseconds(value: unknown): number {
  const at = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw wrongType(value, 'Timestamp');
  return at;
}

const serialization = (message: string): AwsError => new AwsError('SerializationException', message);

/** A body as JSON; an empty one is an empty object. */
export function parsed(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(text(body));
  } catch {
    throw serialization('Unable to parse the request body as JSON.');
  }
}

/** The words of AWS's own JSON front end. With `raise` it throws, so that it can stand in an expression. */
function wrongType(value: unknown, javaType: string): AwsError;
function wrongType(value: unknown, javaType: string, raise: true): never;
function wrongType(value: unknown, javaType: string, raise = false): AwsError {
  const error =
    typeof value === 'object'
      ? serialization(
          Array.isArray(value)
            ? 'Unrecognized collection type class java.util.ArrayList'
            : 'Start of structure or map found where not expected.',
        )
      : serialization(`${token(value)} can not be converted to a ${javaType}`);
  if (raise) throw error;
  return error;
}

const token = (value: unknown): string =>
  value === true
    ? 'TRUE_VALUE'
    : value === false
      ? 'FALSE_VALUE'
      : typeof value === 'number'
        ? 'NUMBER_VALUE'
        : 'STRING_VALUE';

function writerOf(schema: NormalizedSchema, known: Compiled, jsonName: boolean): Write | undefined {
  const key = schema.getSchema();
  if (schema.isTimestampSchema()) return timestampWriter(schema);
  if (schema.isBlobSchema()) return (value) => Buffer.from(value as Uint8Array).toString('base64');
  if (!schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema()) return undefined;
  if (known.write.has(key)) return known.write.get(key);
  let write: Write | undefined;
  known.write.set(key, (value) => (write ? write(value) : value)); // for shapes that contain themselves
  write = schema.isStructSchema()
    ? structWriter(schema, known, jsonName)
    : collectionWriter(writerOf(schema.getValueSchema(), known, jsonName), schema.isListSchema());
  known.write.set(key, write);
  return write;
}

function structWriter(schema: NormalizedSchema, known: Compiled, jsonName: boolean): Write | undefined {
  const members: { name: string; wireName: string; write: Write | undefined }[] = [];
  for (const [name, member] of schema.structIterator()) {
    const wireName = (jsonName && member.getMergedTraits().jsonName) || name;
    members.push({ name, wireName, write: writerOf(member, known, jsonName) });
  }
  if (members.every(({ name, wireName, write }) => !write && name === wireName)) return undefined;
  return (value) => {
    const struct = value as Record<string, unknown>;
    const out: Record<string, unknown> = {};
    for (const { name, wireName, write } of members) {
      const given = struct[name];
      if (given !== undefined && given !== null) out[wireName] = write ? write(given) : given;
    }
    return out;
  };
}

function collectionWriter(write: Write | undefined, list: boolean): Write | undefined {
  if (!write) return undefined;
  if (list) return (value) => (value as unknown[]).map((item) => (item === null ? null : write(item)));
  return (value) =>
    Object.fromEntries(
      Object.entries(value as Record<string, unknown>).map(([key, item]) => [key, write(item)]),
    );
}

/** Seconds unless the shape says otherwise. */
function timestampWriter(schema: NormalizedSchema): Write {
  const format = schema.getSchema();
  if (format === TIMESTAMP_DATE_TIME) return (value) => (value as Date).toISOString().replace('.000Z', 'Z');
  if (format === TIMESTAMP_HTTP_DATE) return (value) => (value as Date).toUTCString();
  return (value) => (value as Date).getTime() / 1000;
}
