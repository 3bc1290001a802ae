/** AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, everything else in the body. */
import { jsonFailure } from '../failure.ts';
import { jsonShapes, parsed } from '../json.ts';
import { bytes, type WireRequest } from '../message.ts';
import type { Protocol } from '../protocols.ts';

const plain = jsonShapes(false);

const contentTypeOf = ({ headers }: WireRequest): string =>
  headers['content-type']?.startsWith('application/x-amz-json-1.0')
    ? 'application/x-amz-json-1.0'
    : 'application/x-amz-json-1.1';

export const json: Protocol = {
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
