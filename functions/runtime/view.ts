/**
 * `view(['checkout', 'shipping'], { key, show })` is a Lambda handler for `GET`: it shows one thing as several consumers know
 * it, read from their tables. It never writes.
 */
import { Buffer } from 'node:buffer';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { ambient as production, type Ambient } from './ambient.ts';
import { clientSettings } from './client.ts';
import { Fault, faultOf, Unavailable } from './errors.ts';
import type { ApiHandler, IngestCollaborators } from './ingest.ts';
import { log } from './log.ts';
import { NEVER_STORED, problem, Problem, statusOf } from './problem.ts';

export interface View<States extends readonly unknown[]> {
  /** The key of the aggregates, from the parameters of the path. */
  key: (parameters: Readonly<Record<string, string | undefined>>) => string | undefined;
  /** What is shown of the aggregates, each undefined where it does not exist. Undefined: there is nothing, 404. */
  show: (...states: States) => object | undefined;
}

/** Setting: `SPILLWAY_TABLES` consumer to table, as JSON. */
export function view<States extends readonly unknown[]>(
  consumers: { readonly [I in keyof States]: string },
  { key, show }: View<States>,
  { dynamodb, ambient = production }: Omit<IngestCollaborators, 'ssm'> = {},
): ApiHandler {
  let read: ReadState | undefined;
  return async ({ httpMethod, pathParameters, requestContext: { requestId } }) => {
    try {
      if (httpMethod !== 'GET')
        throw new Problem('METHOD_NOT_ALLOWED', `${httpMethod} is not for this path`, {
          headers: { Allow: 'GET' },
        });
      const pk = `a#${key(pathParameters ?? {}) ?? ''}`;
      read ??= reading(dynamodb ?? new DynamoDBClient(CLIENT), ambient);
      const states = Buffer.byteLength(pk) > MAX_KEY ? [] : await Promise.all(consumers.map(read(pk)));
      const shown = show(...(states as unknown as States));
      if (shown === undefined) throw new Problem('NOT_FOUND', 'there is nothing with this key');
      return answer(shown);
    } catch (error) {
      const fault = faultOf(error);
      const status = statusOf(fault);
      if (status >= 500)
        log(ambient, 'error', {
          outcome: 'failed',
          requestId,
          status,
          code: fault.code,
          message: fault.message,
        });
      return problem(fault, requestId);
    }
  };
}

type ReadState = (pk: string) => (consumer: string) => Promise<unknown>;

/** The aggregates as of now, not as of a moment ago: whoever was told of a change sees it. */
function reading(dynamodb: Pick<DynamoDBClient, 'send'>, { env }: Ambient): ReadState {
  const tables = JSON.parse(env.SPILLWAY_TABLES ?? '{}') as Record<string, string>;
  return (pk) => async (consumer) => {
    const TableName = tables[consumer];
    if (TableName === undefined) throw new Fault('UNEXPECTED', `SPILLWAY_TABLES does not name ${consumer}`);
    const { Item } = await dynamodb
      .send(new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true }))
      .catch((cause: Error) => {
        throw new Unavailable(`DynamoDB: ${cause.name}`, { code: 'STORE_UNAVAILABLE', cause });
      });
    return Item?.state?.S === undefined ? undefined : (JSON.parse(Item.state.S) as unknown);
  };
}

const answer = (shown: object): APIGatewayProxyResult => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json', ...NEVER_STORED },
  body: JSON.stringify(shown),
});

/** Bytes of a key in DynamoDB, which no aggregate's exceeds. */
const MAX_KEY = 1_024 + 2;

/** Somebody waits. */
const CLIENT = clientSettings(2, 3_000);
