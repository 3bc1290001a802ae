/**
 * Everything the runtime refuses or gives up on, in one place. An error says what to do with the record that met it:
 * `Permanent` is dead-lettered at once, `Unavailable` is tried again and counts towards the breaker, anything else is
 * tried again with growing delay.
 */

/** What each code means for the one who meets it. The codes are stable; tools and dead letters carry them. */
export const HINTS = {
  EVT_DETAIL_NOT_OBJECT: 'Pass a plain object; EventBridge delivers nothing else.',
  EVT_NOT_JSON:
    'JSON has strings, finite numbers, booleans, null, arrays and plain objects; leave out what is undefined, send a bigint or a date as a string.',
  EVT_CIRCULAR: 'Refer to the other object by its id.',
  EVT_TOO_DEEP: 'Flatten the data, or send the tree as a list of nodes with parent ids.',
  EVT_BAD_UNICODE: 'The text was cut inside a character: cut it by code points.',
  EVT_UNSAFE_INTEGER: 'Send integers beyond ±(2^53-1) as strings.',
  EVT_FORBIDDEN_KEY: 'Rename the field.',
  EVT_RESERVED_SOURCE: 'Sources that start with "aws." belong to AWS; name your service instead.',
  EVT_BAD_SOURCE: 'A source is 1 to 256 of A-Z a-z 0-9 . _ / -, and starts with a letter or digit.',
  EVT_BAD_TYPE: 'A type is 1 to 128 of A-Z a-z 0-9 . _ -, and starts with a letter or digit.',
  EVT_BAD_ID: 'An id is 1 to 128 visible ASCII characters.',
  EVT_TOO_LARGE: 'Send a reference to what is stored elsewhere.',
  EVT_BATCH_TOO_LARGE: 'Leave out `atomic`, or send fewer at once.',
  EVT_EMPTY: 'Nothing to send: skip the call.',
  EVT_ID_CONFLICT: 'An id names one message for ever; mint another.',
  EVT_BAD_TIME: 'RFC 3339 with a zone, and a day that exists: 2030-01-31T09:30:00.000Z.',
  EVT_UNKNOWN_TYPE: 'Use a type of the catalogue, or add its contract.',
  EVT_SCHEMA: 'Correct the listed fields.',
  EVT_BAD_BUS: 'Set SPILLWAY_BUS to the name of a bus in this account and region.',
  EVT_NO_QUEUE: 'Name the queue of this command type in SPILLWAY_QUEUES.',
  REQUEST_IN_LAMBDA:
    'Send the command with `replyto`, the name of a consumer; the reply is an ordinary message to it.',
  REPLY_TIMEOUT: 'The command may have been executed, or may yet be; ask again under the same id.',
  CONTRACT_INVALID: 'Correct the contract; nothing was deployed or sent.',
  PATTERN_INVALID:
    'See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html.',
  PATTERN_NUMBER_OUT_OF_RANGE: 'EventBridge compares numbers only within ±5,000,000,000.',
  PATTERN_UNBOUNDED: 'Give the field a minimum and a maximum within ±5,000,000,000 in its contract.',
  BODY_NOT_JSON: 'Whoever wrote to the queue sent something else than a message of this pipeline.',
  ENVELOPE_INVALID: 'Send through publish() or send(), which write the CloudEvent.',
  UNEXPECTED_TYPE: 'The rule or queue delivers a type that this consumer does not name.',
  UNKNOWN_VERSION: 'Deploy the reader of this version, then redrive.',
  PAYLOAD_CONFLICT: 'Two producers used one id for different payloads; the first one counts.',
  LOOP: 'Consumers feed each other; break the cycle.',
  UNTRUSTED_ORIGIN: 'Only events of the queue’s own account and region are trusted.',
  TIMEOUT: 'The handler did not finish before the function’s deadline.',
  HANDLER_RESULT: 'decide returns { state, publish, send, after }, all optional.',
  UNDECLARED: 'Add it to `publishes` or `sends` of the consumer, deploy, then redrive.',
  OUTBOX_TOO_LARGE: 'One decision may send at most 380,000 bytes of commands.',
  STATE_TOO_LARGE: 'An aggregate may hold at most 390,000 bytes of JSON.',
  KEY_INVALID: 'key returns one string, or an array of them, each 1 to 1,024 bytes.',
  CONFLICT: 'The aggregate kept moving; it is tried again.',
  STORE_UNAVAILABLE: 'DynamoDB refused or did not answer; it is tried again.',
  WRITE_REFUSED: 'DynamoDB refuses this write for good; see the message.',
  EXPIRED:
    'It may have been handled and forgotten (marks.expireAfter). Purge it, or send what is still true under a new id.',
  EFFECT_UNKNOWN:
    'Ask the provider, by the message’s id. If the call took effect, purge this letter; if not, redrive it, which makes the call again.',
  EFFECT_RUNNING: 'Another instance is making this call; it is tried again.',
  UNDELIVERED: 'Mend the queue or its policy, then redrive to the target.',
  INVOCATION_FAILED: 'See the function’s log at the time of the attempt.',
  STREAM_GIVEN_UP:
    'The rows are still in the table; find the cause in the function’s log, then purge this letter.',
  NO_REASON:
    'The function crashed, ran out of time or was throttled; see its log and its Errors and Throttles.',
  PARKED:
    'An earlier message of this key was dead-lettered and the contract says onPoison: park; redrive the key in order, or purge what is before it with "spillway dlq purge".',
  DEADLINE: 'The function’s time was used up before this record’s turn.',
  BREAKER_OPEN: 'A dependency is unavailable; records are handed back until it answers.',
  BEHIND: 'An earlier message of the same group is being tried again.',
  PERMANENT: 'Correct the cause, then redrive or purge.',
  UNAVAILABLE: 'It is tried again.',
  UNEXPECTED: 'See the function’s log at the time of the attempt.',
} as const;

export type Code = keyof typeof HINTS;

export interface FaultDetails {
  /** Where in the data: `data.lines[2].quantity`. @default the whole */
  path?: string;
  /** @default no limit was exceeded */
  limit?: number | string;
  /** What was met instead, as a measure or a type; never the payload. @default not a matter of measure */
  actual?: number | string;
  /** Several faults at once, at most 20. @default the message says it all */
  faults?: readonly { path: string; message: string }[];
  /** What to do. @default the hint of the code */
  hint?: string;
  cause?: unknown;
}

/** An error with a code. On its own: tried again. */
export class Fault extends Error {
  readonly code: string;
  readonly hint: string;
  readonly path?: string;
  readonly limit?: number | string;
  readonly actual?: number | string;
  readonly faults?: readonly { path: string; message: string }[];

  constructor(code: string, message: string, { cause, hint, ...details }: FaultDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint ?? HINTS[code as Code] ?? HINTS.UNEXPECTED;
    Object.assign(this, details);
  }

  /** One flat object for problem+json, dead letters and terminals; never a stack, never the payload. */
  toJSON(): { code: string; message: string; hint: string } & FaultDetails {
    const { code, message, path, limit, actual, faults, hint } = this;
    return JSON.parse(JSON.stringify({ code, message, path, limit, actual, faults, hint }));
  }
}

/**
 * Trying again cannot help: the record is dead-lettered at once, after one attempt.
 *
 * @example throw new Permanent('the card was refused', { code: 'CARD_REFUSED' })
 */
export class Permanent extends Fault {
  constructor(message: string, { code = 'PERMANENT', ...details }: FaultDetails & { code?: string } = {}) {
    super(code, message, { hint: HINTS[code as Code] ?? HINTS.PERMANENT, ...details });
  }
}

/** Something that this consumer depends on is down: tried again, and after several in a row the breaker opens. */
export class Unavailable extends Fault {
  constructor(message: string, { code = 'UNAVAILABLE', ...details }: FaultDetails & { code?: string } = {}) {
    super(code, message, { hint: HINTS[code as Code] ?? HINTS.UNAVAILABLE, ...details });
  }
}

/** A refusal of the runtime itself. */
export const refusal = (code: Code, message: string, details: FaultDetails = {}): Permanent =>
  new Permanent(message, { code, ...details });

/** Whatever was thrown, as a fault: strings, null and foreign errors too. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message =
    error instanceof Error ? error.message : typeof error === 'string' ? error : `${typeof error} was thrown`;
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  return new Fault('UNEXPECTED', `${name}${message}`, { cause: error });
}
