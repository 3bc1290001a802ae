/** REST with JSON bodies. */
import { restJsonFailure } from '../failure.ts';
import { jsonShapes, parsed } from '../json.ts';
import { bytes, EMPTY } from '../message.ts';
import type { Protocol } from '../protocols.ts';
import { bodyOf, placesOf, readPlaces, writePlaces, type Members } from '../rest.ts';
import { isRaw, rawPayload } from './payload.ts';

const renamed = jsonShapes(true);

export const restJson: Protocol = {
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
    if (payload && isRaw(payload[1]))
      return { status, ...rawPayload(payload[1], (output as Members)[payload[0]], headers) };
    const value = payload ? (output as Members)[payload[0]] : bodyOf(operation.output, output as Members);
    const write = renamed.write(payload ? payload[1] : operation.output);
    const written = value === undefined ? {} : write ? write(value) : value;
    return {
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: payload || body.size > 0 || status === 200 ? bytes(JSON.stringify(written)) : EMPTY,
    };
  },
  fail: restJsonFailure,
};
