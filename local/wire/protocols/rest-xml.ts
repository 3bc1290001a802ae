/** REST with XML bodies: S3. */
import { s3Failure } from '../failure.ts';
import { EMPTY, text } from '../message.ts';
import type { Protocol } from '../protocols.ts';
import { bodyOf, placesOf, readPlaces, writePlaces, type Members } from '../rest.ts';
import { xmlDocument } from '../xml-text.ts';
import { innerXml, readXml } from '../xml.ts';
import { isRaw, rawPayload } from './payload.ts';

export const restXml: Protocol = {
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
    const part = (output as Members)['ContentRange'] !== undefined && PARTIAL_CONTENT;
    const { headers, status = part || operation.http!.status } = writePlaces(
      operation.output,
      output as Members,
    );
    const { payload, body } = placesOf(operation.output);
    if (payload && isRaw(payload[1]))
      return { status, ...rawPayload(payload[1], (output as Members)[payload[0]], headers) };
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

const PARTIAL_CONTENT = 206;
