/** A request and its answer as the wire sees them: no sockets, no streams. */

export interface WireRequest {
  method: string;
  /** As it was sent: percent-encoded, with its query. */
  path: string;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  /** Names and values in turn, as they were sent. @default as in `headers` */
  rawHeaders?: string[];
  body: Uint8Array;
  /**
   * Calls `run` when the sender has gone before it was answered. Returns how to stop listening.
   * @default nobody can tell
   */
  whenGone?: ((run: () => void) => () => void) | undefined;
}

export interface WireAnswer {
  status: number;
  /** Several values are several lines. */
  headers: Record<string, string | string[]>;
  body: Uint8Array;
  /** The body is what the operation calls a stream (an S3 object), which in-process clients expect as one. @default false */
  streamed?: boolean;
  /** Nothing arrives: the connection breaks after the operation ran. @default false */
  lost?: boolean;
}

const decoder = new TextDecoder();

export const bytes = (text: string): Uint8Array => Buffer.from(text);
export const text = (body: Uint8Array): string => decoder.decode(body);
export const EMPTY = new Uint8Array();
