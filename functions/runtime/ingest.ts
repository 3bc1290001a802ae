/**
 * `ingest([PlaceOrder])` is a Lambda handler for an API: it reads a request so strictly that nobody after it can read
 * something else, accepts it durably, and answers 202. What it refuses it explains, as problem+json.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ambient as production, neededIn, type Ambient } from './ambient.ts';
import { clientSettings } from './client.ts';
import { tableStore, type Store } from './consume/store.ts';
import type { Contract } from './contract.ts';
import { traceIdOf } from './contract/ids.ts';
import { faultOf } from './errors.ts';
import { accepted, messageOf } from './ingest/acceptance.ts';
import { bytesOf, textOf } from './ingest/body.ts';
import { clientOf } from './ingest/client.ts';
import { headersOf, type Headers } from './ingest/headers.ts';
import { idempotencyKey } from './ingest/idempotency-key.ts';
import { secretsFrom, type Secrets } from './ingest/secrets.ts';
import { signedId } from './ingest/signature.ts';
import { parseStrictly } from './ingest/strict-json.ts';
import { log } from './log.ts';
import { NEVER_STORED, problem, Problem, statusOf } from './problem.ts';

/** What an API works with. */
export interface IngestCollaborators {
  /** @default a client of the function's region */
  dynamodb?: Pick<DynamoDBClient, 'send'>;
  /** @default a client of the function's region */
  ssm?: Pick<SSMClient, 'send'>;
  /** @default the process's */
  ambient?: Ambient;
}

export type ApiHandler = (request: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/**
 * Takes `POST /commands/<type>` from clients, each with an Idempotency-Key, and `POST /webhooks/<name>` from whoever signs
 * by Standard Webhooks. 202 `{ id, type }` once the message is in the outbox; a repetition gets the same answer.
 *
 * Settings: `SPILLWAY_API` its name, `SPILLWAY_TABLE` its table; as JSON `SPILLWAY_CLIENTS` API key id to client,
 * `SPILLWAY_WEBHOOKS` name to `{ type, secret }`; `SPILLWAY_TENANT` the field of the data that names the client, if any.
 */
export function ingest(accepts: readonly Contract[], collaborators: IngestCollaborators = {}): ApiHandler {
  let parts: Parts | undefined;
  return async (event) => {
    parts ??= partsOf(accepts, collaborators);
    const { ambient, api } = parts;
    const { requestId } = event.requestContext;
    const arrival: Arrival = { headers: headersOf(event) };
    const started = ambient.now();
    const tell = (level: 'info' | 'warn' | 'error', outcome: string, fields: object) => {
      const { client, contract, id, traceid } = arrival;
      const processing = ambient.now() - started;
      log(ambient, level, {
        api,
        client,
        type: contract?.type,
        id,
        traceid,
        outcome,
        processing,
        requestId,
        ...fields,
      });
    };
    try {
      const outcome = await take(event, arrival, parts);
      tell('info', outcome, { status: 202 });
      return accepting(arrival);
    } catch (error) {
      const fault = faultOf(error);
      const status = statusOf(fault);
      // Messages may repeat what a client sent; those of our own failures are ours.
      if (status < 500) tell('warn', 'refused', { status, code: fault.code });
      else tell('error', 'failed', { status, code: fault.code, message: fault.message });
      return problem(fault, requestId);
    }
  };
}

/** What is known of a request so far. */
interface Arrival {
  headers: Headers;
  client?: string;
  contract?: Contract;
  id?: string;
  traceid?: string;
}

interface Parts {
  api: string;
  accepts: readonly Contract[];
  clients: Record<string, string>;
  webhooks: Record<string, { type: string; secret: string }>;
  tenant: string | undefined;
  store: Store;
  secrets: Secrets;
  ambient: Ambient;
}

async function take(event: APIGatewayProxyEvent, arrival: Arrival, parts: Parts) {
  const { api, ambient, store } = parts;
  const { headers } = arrival;
  const webhook = routed(event, arrival, parts);
  const contract = arrival.contract!;
  if (!webhook) arrival.client = clientOf(event.requestContext, parts.clients);
  const bytes = bytesOf(event, headers);
  const key = webhook
    ? await signedId(headers, bytes, () => parts.secrets(webhook.secret), ambient.now())
    : idempotencyKey(headers);
  const client = (arrival.client ??= webhook!.name);
  const data = parseStrictly(textOf(bytes));
  checkTenant(data, arrival, parts);
  const { traceparent } = headers;
  const message = messageOf({ api, client, key, contract, data, traceparent }, ambient);
  arrival.id = message.id;
  arrival.traceid = traceIdOf(message.traceparent);
  return accepted(message, contract.kind === 'command' ? 'commands' : 'events', store, ambient);
}

/** Finds the contract of a resource (the path without what a domain puts before it), and the webhook if it is one. Throws NOT_FOUND, METHOD_NOT_ALLOWED. */
function routed(
  { resource, httpMethod }: APIGatewayProxyEvent,
  arrival: Arrival,
  { accepts, webhooks }: Parts,
): { name: string; secret: string } | undefined {
  const [, kind, name = ''] = ROUTE.exec(resource) ?? [];
  const webhook = kind === 'webhooks' && Object.hasOwn(webhooks, name) ? webhooks[name]! : undefined;
  const type = kind === 'commands' ? name : webhook?.type;
  const contract = accepts.find((one) => one.type === type && (webhook || one.kind === 'command'));
  if (!contract) throw new Problem('NOT_FOUND', 'there is nothing at this path');
  if (httpMethod !== 'POST')
    throw new Problem('METHOD_NOT_ALLOWED', `${httpMethod} is not for this path`, {
      headers: { Allow: 'POST' },
    });
  arrival.contract = contract;
  return webhook && { name: `webhooks/${name}`, secret: webhook.secret };
}

const ROUTE = /^\/(commands|webhooks)\/([A-Za-z0-9._-]+)$/;

function checkTenant(data: unknown, { client }: Arrival, { tenant, clients }: Parts): void {
  if (tenant === undefined || !Object.values(clients).includes(client!)) return;
  const named = (data as Record<string, unknown> | null)?.[tenant];
  if (named !== client)
    throw new Problem('TENANT_MISMATCH', `data.${tenant} is not the client that asks`, {
      path: `data.${tenant}`,
    });
}

const accepting = ({ id, contract }: Arrival): APIGatewayProxyResult => ({
  statusCode: 202,
  headers: { 'Content-Type': 'application/json', ...NEVER_STORED },
  body: JSON.stringify({ id, type: contract!.type }),
});

function partsOf(
  accepts: readonly Contract[],
  { dynamodb, ssm, ambient = production }: IngestCollaborators,
): Parts {
  const { SPILLWAY_CLIENTS, SPILLWAY_WEBHOOKS, SPILLWAY_TENANT } = ambient.env;
  const needed = neededIn(ambient.env);
  return {
    api: needed('SPILLWAY_API'),
    accepts,
    clients: JSON.parse(SPILLWAY_CLIENTS ?? '{}'),
    webhooks: JSON.parse(SPILLWAY_WEBHOOKS ?? '{}'),
    tenant: SPILLWAY_TENANT,
    store: tableStore(needed('SPILLWAY_TABLE'), dynamodb ?? new DynamoDBClient(CLIENT), ambient),
    secrets: secretsFrom(ssm ?? new SSMClient(CLIENT), ambient),
    ambient,
  };
}

/** Somebody waits: what has not answered twice within this is unavailable. */
const CLIENT = clientSettings(2, 3_000);
