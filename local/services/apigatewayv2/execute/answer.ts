import { bytes, type WireAnswer } from '../../../wire/message.ts';

/** What an HTTP API itself answers. */
export const said = (status: number, message: string, headers: WireAnswer['headers'] = {}): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: bytes(JSON.stringify({ message })),
});
