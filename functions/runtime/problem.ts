/** What an API answers when it does not do what was asked: problem details for HTTP APIs, RFC 9457. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { Fault, HINTS, type Code, type FaultDetails } from './errors.ts';

interface Kind {
  status: number;
  hint: string;
  /** @default none */
  headers?: Readonly<Record<string, string>>;
}

const IDEMPOTENCY_KEY = {
  Link: '<https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07>; rel="describedby"',
};

/** What only HTTP can get wrong. The codes are stable. */
export const PROBLEMS = {
  EMPTY_BODY: { status: 400, hint: 'Send a JSON object.' },
  BAD_ENCODING: { status: 400, hint: 'Send UTF-8; U+FFFD, where it is meant, as \\ufffd.' },
  BAD_JSON: { status: 400, hint: 'Send one JSON object (RFC 8259) and nothing after it.' },
  DUPLICATE_KEY: { status: 400, hint: 'Name each field once; readers disagree about which one counts.' },
  TOO_DEEP: { status: 400, hint: HINTS.EVT_TOO_DEEP },
  BAD_ID: { status: 400, hint: 'A webhook id is 1 to 128 visible ASCII characters without a full stop.' },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    hint: 'Mint a UUID for what is to happen once, and send it again with every retry.',
    headers: IDEMPOTENCY_KEY,
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    hint: 'One key of 1 to 255 visible ASCII characters, bare or in double quotes.',
    headers: IDEMPOTENCY_KEY,
  },
  SIGNATURE_MISSING: { status: 401, hint: 'Sign as https://www.standardwebhooks.com says.' },
  SIGNATURE_INVALID: { status: 401, hint: 'Sign the body as sent, with the current secret and scheme v1.' },
  TIMESTAMP_OUT_OF_RANGE: { status: 401, hint: 'Set the clock, and sign each attempt anew.' },
  UNAUTHENTICATED: { status: 401, hint: 'Send the API key of a client in x-api-key.' },
  TENANT_MISMATCH: { status: 403, hint: 'A client speaks for itself only.' },
  NOT_FOUND: { status: 404, hint: 'It does not exist, or does not exist yet.' },
  METHOD_NOT_ALLOWED: { status: 405, hint: 'Use a method of the Allow header.' },
  IN_FLIGHT: {
    status: 409,
    hint: 'The first request with this key is being accepted; ask again.',
    headers: { 'Retry-After': '1', ...IDEMPOTENCY_KEY },
  },
  BODY_TOO_LARGE: { status: 413, hint: HINTS.EVT_TOO_LARGE },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    hint: 'Send application/json in UTF-8.',
    headers: { 'Accept-Post': 'application/json' },
  },
  UNSUPPORTED_CODING: {
    status: 415,
    hint: 'Send the body as it is.',
    headers: { 'Accept-Encoding': 'identity' },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    hint: 'A key names one request for ever; mint another for another request.',
    headers: IDEMPOTENCY_KEY,
  },
  SECRET_UNAVAILABLE: {
    status: 503,
    hint: 'The secret of this webhook cannot be read; try again later.',
    headers: { 'Retry-After': '60' },
  },
} satisfies Record<string, Kind>;

/** Codes of the runtime whose status is not 400 (refused) or 500 (anything else). */
const OTHERS: Partial<Record<Code, Omit<Kind, 'hint'>>> = {
  EVT_TOO_LARGE: { status: 413 },
  STORE_UNAVAILABLE: { status: 503, headers: { 'Retry-After': '5' } },
};

/** A refusal that only HTTP has. */
export class Problem extends Fault {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: keyof typeof PROBLEMS,
    message: string,
    { headers = {}, ...details }: FaultDetails & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, { hint: PROBLEMS[code].hint, ...details });
    this.headers = headers;
  }
}

export const statusOf = (fault: Fault): number => kindOf(fault).status;

/** The answer to a request that met this fault. What is not the caller's fault is not explained to the caller. */
export function problem(fault: Fault, requestId: string): APIGatewayProxyResult {
  const { status, headers } = kindOf(fault);
  const { code, message, hint, ...details } = fault.toJSON();
  const own = fault instanceof Problem ? fault.headers : {};
  return {
    statusCode: status,
    headers: { 'Content-Type': 'application/problem+json', ...NEVER_STORED, ...headers, ...own },
    body: JSON.stringify({
      type: `urn:spillway:problem:${code}`,
      title: TITLES[status],
      status,
      code,
      ...(status < 500 ? { detail: message, ...details, hint } : { detail: 'It was not accepted.' }),
      requestId,
    }),
  };
}

/** No cache may answer in place of the API. */
export const NEVER_STORED = { 'Cache-Control': 'no-store' };

function kindOf({ code }: Fault): Omit<Kind, 'hint'> {
  const known: Record<string, Omit<Kind, 'hint'>> = { ...PROBLEMS, ...OTHERS };
  return known[code] ?? { status: code.startsWith('EVT_') ? 400 : 500 };
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
