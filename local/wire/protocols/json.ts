/** AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, everything else in the body. */
import { crc32 } from 'node:zlib';
import { jsonFailure } from '../failure.ts';
import { jsonShapes, parsed } from '../json.ts';
import { bytes, type WireAnswer, type WireRequest } from '../message.ts';
import type { Model } from '../model.ts';
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
    return summed(operation.model, {
      status: 200,
      headers: { 'content-type': contentTypeOf(request) },
      body: bytes(JSON.stringify(write ? write(output) : output)),
    });
  },
  fail: (refusal, request) => summed(refusal.model, jsonFailure(refusal, contentTypeOf(request))),
};

/** DynamoDB sends a checksum of its answers, and the SDK for Go wants to see it. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html */
function summed(model: Model | undefined, answer: WireAnswer): WireAnswer {
  if (model?.service === 'dynamodb') answer.headers['x-amz-crc32'] = String(crc32(answer.body));
  return answer;
}
