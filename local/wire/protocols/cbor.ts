/** Smithy RPC v2 with CBOR bodies: what some SDKs speak to CloudWatch. */
import { cbor as codec, CborShapeDeserializer, CborShapeSerializer } from '@smithy/core/cbor';
import { EMPTY } from '../message.ts';
import type { Protocol } from '../protocols.ts';

const cborIn = new CborShapeDeserializer();
const CBOR = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

export const cbor: Protocol = {
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
      body: codec.serialize({ __type: `${model?.namespace ?? 'aws'}#${code}`, message, ...members }),
    };
  },
};
