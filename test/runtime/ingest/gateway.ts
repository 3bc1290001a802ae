/** Requests as API Gateway hands them to a function, and an API over a table of the embedded AWS. */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { command, event } from '../../../functions/runtime/contract.ts';
import { ingest, type IngestCollaborators } from '../../../functions/runtime/ingest.ts';
import { startRig, type Rig } from '../rig.ts';

export const Book = command('seat.book', {
  orderBy: 'show',
  data: {
    show: z.string().check(z.minLength(1), z.maxLength(20)),
    seats: z.int().check(z.minimum(1)),
    tenantId: z.optional(z.string()),
    note: z.optional(z.unknown()),
  },
});
export const Paid = event('bill.paid', { source: 'bank', data: { bill: z.string() } });

const identity = { apiKeyId: null, userArn: 'arn:aws:sts::000000000000:assumed-role/Till/one' };

export interface Sent {
  method?: string;
  resource?: string;
  headers?: Record<string, string | undefined>;
  body?: string | null;
  base64?: boolean;
  identity?: { apiKeyId?: string | null; userArn?: string | null };
  pathParameters?: Record<string, string>;
}

/** A sound request, with changes. */
export function request(sent: Sent = {}): APIGatewayProxyEvent {
  const { method = 'POST', resource = '/commands/seat.book', pathParameters = null } = sent;
  const headers = Object.fromEntries(
    Object.entries({
      'Content-Type': 'application/json',
      'Idempotency-Key': 'key-1',
      ...sent.headers,
    }).filter(([, value]) => value !== undefined),
  );
  return {
    resource,
    path: resource,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pathParameters,
    body: sent.body === undefined ? '{"show":"Hamlet","seats":2}' : sent.body,
    isBase64Encoded: sent.base64 ?? false,
    requestContext: {
      requestId: 'request-1',
      accountId: '000000000000',
      identity: { ...identity, ...sent.identity },
    },
  } as unknown as APIGatewayProxyEvent;
}

export const answered = ({ statusCode, headers, body }: APIGatewayProxyResult) => ({
  status: statusCode,
  headers: headers!,
  body: JSON.parse(body) as Record<string, unknown>,
});

/** API keys and whose they are. */
export const CLIENTS = { SPILLWAY_CLIENTS: JSON.stringify({ k1: 'acme', k2: 'globex' }) };

/** An API that takes `Book` and signed `Paid`, with what it leaves in its table. */
export async function startApi() {
  const rig = await startRig();
  const { dynamodb, ambient } = rig;
  const settings = {
    SPILLWAY_API: 'box-office',
    SPILLWAY_WEBHOOKS: JSON.stringify({ bank: { type: 'bill.paid', secret: '/bank/secret' } }),
  };
  /** An instance of the function; `changes` in its environment. */
  const instance = (collaborators: IngestCollaborators = {}, changes: Record<string, string> = {}) => {
    const env = { ...ambient.env, ...settings, ...changes };
    const ssm = rig.aws.client(SSMClient);
    const surroundings = { ...ambient, env, now: () => ambient.now() };
    const handler = ingest([Book, Paid], { dynamodb, ssm, ambient: surroundings, ...collaborators });
    return async (sent?: Sent) => answered(await handler(request(sent)));
  };
  /** Forgets what was accepted and written. */
  const clear = async () => {
    rig.lines.length = 0;
    for (const { pk } of await rig.rows(''))
      await dynamodb.send(new DeleteItemCommand({ TableName: 'table', Key: { pk: pk! } }));
  };
  return { rig, instance, clear };
}

/** Asks for what is refused: in form, with nothing accepted. */
export const refusals =
  (rig: Rig, ask: (sent: Sent) => Promise<ReturnType<typeof answered>>) => async (sent: Sent) => {
    const { status, headers, body } = await ask(sent);
    expect(await rig.rows('')).toEqual([]);
    expect(headers['Content-Type']).toBe('application/problem+json');
    expect(body).toMatchObject({
      status,
      type: `urn:spillway:problem:${String(body.code)}`,
      title: expect.any(String),
      hint: expect.any(String),
      requestId: 'request-1',
    });
    return { ...body, status, headers } as Record<string, unknown> & { headers: Record<string, unknown> };
  };
