/** The five ways in which AWS APIs are spoken: reading an input, writing an output, writing an error. */
import { cbor, CborShapeDeserializer, CborShapeSerializer } from '@smithy/core/cbor';
import { jsonFailure, queryFailure, restJsonFailure, s3Failure, type Refusal } from './failure.ts';
import { jsonShapes, serialization } from './json.ts';
import { bytes, EMPTY, text, type WireAnswer, type WireRequest } from './message.ts';
import { readQuery } from './query.ts';
import { bodyOf, placesOf, readPlaces, writePlaces } from './rest.ts';
import type { Route } from './route.ts';
import { element, innerXml, readXml, xmlDocument } from './xml.ts';

export interface Protocol {
  read(route: Route, request: WireRequest): object | Promise<object>;
  write(route: Route, output: object, request: WireRequest, requestId: string): WireAnswer;
  fail(refusal: Refusal, request: WireRequest): WireAnswer;
}

const plain = jsonShapes(false);
const renamed = jsonShapes(true);

const contentTypeOf = ({ headers }: WireRequest): string =>
  headers['content-type']?.startsWith('application/x-amz-json-1.0')
    ? 'application/x-amz-json-1.0'
    : 'application/x-amz-json-1.1';

const json: Protocol = {
  read: ({ operation }, { body }) => plain.read(operation.input)(parsed(body)) as object,
  write({ operation }, output, request) {
    const write = plain.write(operation.output);
    return {
      status: 200,
      headers: { 'content-type': contentTypeOf(request) },
      body: bytes(JSON.stringify(write ? write(output) : output)),
    };
  },
  fail: (refusal, request) => jsonFailure(refusal, contentTypeOf(request)),
};

function parsed(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(text(body));
  } catch {
    throw serialization('Unable to parse the request body as JSON.');
  }
}

const query: Protocol = {
  read: ({ operation, query: parameters }) => readQuery(operation.input, parameters),
  write({ operation }, output, _request, requestId) {
    const inner = innerXml(operation.output, output);
    const result = operation.output.isUnitSchema() ? '' : element(`${operation.name}Result`, inner);
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: xmlDocument(`${operation.name}Response`, operation.model.xmlNamespace, result + metadata),
    };
  },
  fail: queryFailure,
};

const restJson: Protocol = {
  read({ operation, labels, query: parameters }, { headers, body }) {
    const input = readPlaces(operation.input, labels, parameters, headers);
    const { payload, body: members } = placesOf(operation.input);
    if (payload) {
      const [name, schema] = payload;
      if (schema.isBlobSchema()) input[name] = body;
      else if (body.length > 0) input[name] = renamed.read(schema)(parsed(body));
    } else if (members.size > 0) {
      Object.assign(input, renamed.read(operation.input)(parsed(body)));
    }
    return input;
  },
  write({ operation }, output) {
    const { headers, status = operation.http!.status } = writePlaces(operation.output, output as Members);
    const { payload, body } = placesOf(operation.output);
    if (payload) return { status, ...payloadAnswer(payload, output as Members, headers) };
    const write = renamed.write(operation.output);
    const members = bodyOf(operation.output, (write ? write(output) : output) as Members);
    return {
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: body.size > 0 || status === 200 ? bytes(JSON.stringify(members)) : EMPTY,
    };
  },
  fail: restJsonFailure,
};

type Members = Record<string, unknown>;

/** A member that is the whole body: bytes as they are, anything else as JSON. */
function payloadAnswer(
  [name, schema]: NonNullable<ReturnType<typeof placesOf>['payload']>,
  output: Members,
  headers: Record<string, string>,
): Pick<WireAnswer, 'body' | 'streamed' | 'headers'> {
  const value = output[name];
  if (schema.isBlobSchema() || schema.isStringSchema())
    return {
      headers: {
        'content-type': schema.isStreaming() ? 'application/octet-stream' : 'application/json',
        ...headers,
      },
      body: value === undefined ? EMPTY : typeof value === 'string' ? bytes(value) : (value as Uint8Array),
      streamed: schema.isStreaming(),
    };
  const write = renamed.write(schema);
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: value === undefined ? EMPTY : bytes(JSON.stringify(write ? write(value) : value)),
  };
}

const restXml: Protocol = {
  read({ operation, labels, query: parameters }, { headers, body }) {
    const input = readPlaces(operation.input, labels, parameters, headers);
    const { payload, body: members } = placesOf(operation.input);
    if (payload) {
      const [name, schema] = payload;
      if (schema.isBlobSchema()) input[name] = body;
      else if (schema.isStringSchema()) input[name] = text(body);
      else if (body.length > 0) input[name] = readXml(schema, body);
    } else if (members.size > 0 && body.length > 0) {
      Object.assign(input, readXml(operation.input, body));
    }
    return input;
  },
  write({ operation }, output, { method }) {
    const { headers, status = operation.http!.status } = writePlaces(operation.output, output as Members);
    const { payload, body } = placesOf(operation.output);
    if (payload?.[1].isBlobSchema() || payload?.[1].isStringSchema())
      return { status, ...payloadAnswer(payload, output as Members, headers) };
    if (!payload && body.size === 0) return { status, headers, body: EMPTY };
    const schema = payload ? payload[1] : operation.output;
    const value = payload ? (output as Members)[payload[0]] : bodyOf(operation.output, output as Members);
    const root = schema.getMergedTraits().xmlName ?? schema.getName()!;
    // GetBucketLocation is its one member: `<LocationConstraint>eu-west-1</LocationConstraint>`.
    const inner = value === undefined ? '' : innerXml(schema, value as object);
    const unwrapped = body.size === 1 && body.has(root) ? inner.replace(/^<[^>]*>|<\/[^>]*>$/g, '') : inner;
    return {
      status,
      headers: { 'content-type': 'application/xml', ...headers },
      body: method === 'HEAD' ? EMPTY : xmlDocument(root, operation.model.xmlNamespace, unwrapped),
    };
  },
  fail: (refusal, { method }) => s3Failure(refusal, method === 'HEAD'),
};

const cborIn = new CborShapeDeserializer();
const CBOR = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

const cborProtocol: Protocol = {
  read: ({ operation }, { body }) =>
    body.length === 0 ? {} : (cborIn.read(operation.input, body) as object),
  write({ operation }, output) {
    if (operation.output.isUnitSchema()) return { status: 200, headers: CBOR, body: EMPTY };
    const writer = new CborShapeSerializer();
    writer.write(operation.output, output);
    return { status: 200, headers: CBOR, body: writer.flush() };
  },
  fail({ code, queryCode, fault, message, status, members, model }) {
    return {
      status,
      headers: {
        ...CBOR,
        ...(model?.queryCompatible && { 'x-amzn-query-error': `${queryCode};${fault}` }),
      },
      body: cbor.serialize({ __type: `${model?.namespace ?? 'aws'}#${code}`, message, ...members }),
    };
  },
};

export const PROTOCOLS: Record<Route['protocol'], Protocol> = {
  json,
  query,
  'rest-json': restJson,
  'rest-xml': restXml,
  cbor: cborProtocol,
};
