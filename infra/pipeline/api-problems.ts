import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface Kind {
  type: ResponseType;
  status: number;
  title: string;
  /** @default what API Gateway says of it */
  detail?: string;
  hint: string;
  /** Bytes. @default it is not about size */
  limit?: number;
  /** Seconds. @default coming again does not help */
  retryAfter?: number;
}

const FORBIDDEN = { status: 403, title: 'Forbidden' };
const OURS = {
  detail: 'It was not accepted.',
  hint: 'Send it again with the same Idempotency-Key.',
  retryAfter: 5,
};

/**
 * How API Gateway answers without the function, where it has no authorizer. Other ways are worded by the defaults.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const KINDS: readonly Kind[] = [
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    ...FORBIDDEN,
    hint: 'Sign the request (SigV4, service execute-api), and look at method and path.',
  },
  {
    type: ResponseType.INVALID_SIGNATURE,
    ...FORBIDDEN,
    hint: 'Look at the secret key, the clock, and the region.',
  },
  { type: ResponseType.EXPIRED_TOKEN, ...FORBIDDEN, hint: 'Get new credentials.' },
  {
    type: ResponseType.ACCESS_DENIED,
    ...FORBIDDEN,
    hint: 'Allow the caller execute-api:Invoke on this path.',
  },
  { type: ResponseType.INVALID_API_KEY, ...FORBIDDEN, hint: 'Send the key of a client in x-api-key.' },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    title: 'Content Too Large',
    limit: 10_485_760,
    hint: 'Send a reference to what is stored elsewhere.',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    title: 'Too Many Requests',
    hint: 'Slow down, and wait longer each time.',
    retryAfter: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    title: 'Too Many Requests',
    hint: 'The quota of this client is used up.',
  },
  {
    type: ResponseType.API_CONFIGURATION_ERROR,
    status: 500,
    title: 'Internal Server Error',
    ...OURS,
  },
  { type: ResponseType.INTEGRATION_FAILURE, status: 503, title: 'Service Unavailable', ...OURS },
  { type: ResponseType.INTEGRATION_TIMEOUT, status: 504, title: 'Gateway Timeout', ...OURS },
];

/** Has the API answer with problem+json where API Gateway answers for it, in the form that the function has too. */
export function answerWithProblems(api: RestApi): void {
  for (const { type, status, title, detail, limit, hint, retryAfter } of KINDS) {
    say(api, type, {
      status,
      headers: retryAfter === undefined ? {} : { 'Retry-After': `'${retryAfter}'` },
      members: { title, status, ...(detail && { detail }), ...(limit && { limit }), hint },
    });
  }
  // All others keep the status that API Gateway gives them.
  for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX])
    say(api, type, { members: { hint: 'See the code.' } });
}

interface Said {
  /** @default API Gateway's */
  status?: number;
  /** @default none */
  headers?: Record<string, string>;
  members: { detail?: string } & Record<string, string | number>;
}

/** The template is no Velocity: variables of `$context` are filled in, those named `…String` with their quotation marks. */
function say(api: RestApi, type: ResponseType, { status, headers = {}, members }: Said): void {
  const detail = members.detail === undefined ? ',"detail":$context.error.messageString' : '';
  const fixed = {
    type: 'urn:spillway:problem:$context.error.responseType',
    code: '$context.error.responseType',
    requestId: '$context.requestId',
    ...members,
  };
  api.addGatewayResponse(type.responseType, {
    type,
    ...(status !== undefined && { statusCode: String(status) }),
    responseHeaders: {
      'Content-Type': "'application/problem+json'",
      'Cache-Control': "'no-store'",
      ...headers,
    },
    templates: { 'application/json': `${JSON.stringify(fixed).slice(0, -1)}${detail}}` },
  });
}
