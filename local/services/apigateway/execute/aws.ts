/** Integrations of type AWS: a function with a payload of the API's own making, a message to a queue, events to a bus. */
import { AwsError } from '../../../errors.ts';
import { jsonMap } from '../../../json-map.ts';
import type { Services } from '../../../world.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import { askerOf, credentialsFor } from './credentials.ts';
import { integrationAnswer } from './integration-answer.ts';
import { valueOf } from './substitute.ts';
import type { Invocation, Target } from './invocation.ts';
import { asked } from './lambda-proxy.ts';
import { payloadOf } from './payload.ts';
import { internalError } from './refused.ts';
import { messageOf, sentMessage } from './sqs-query.ts';

export async function awsService(invocation: Invocation, target: Target): Promise<WireAnswer> {
  const { service, place } = askedBy(target.method.methodIntegration!.uri)!;
  if (service === 'lambda') return custom(invocation, target);
  const payload = payloadOf(invocation, target);
  const given = parametersOf(invocation, target);
  try {
    return integrationAnswer(
      invocation,
      target,
      '200',
      service === 'sqs'
        ? sentMessage(
            await called(
              invocation,
              target,
              'sqs',
              'SendMessage',
              messageOf(payload, given, place, invocation),
            ),
            invocation,
          )
        : JSON.stringify(await called(invocation, target, 'events', 'PutEvents', eventsOf(payload))),
    );
  } catch (error) {
    if (!(error instanceof AwsError) || error.status === 501) throw error;
    const body = { __type: error.code, message: error.message };
    return integrationAnswer(invocation, target, String(error.status ?? 400), JSON.stringify(body));
  }
}

export interface Asked {
  service: string;
  /** What follows the service in the ARN of an integration: `path/ACCOUNT/QUEUE`. */
  place: string;
}

/** What an integration asks for, if it is one of those that are modelled. */
export function askedBy(uri = ''): Asked | undefined {
  const { service = '', place = '' } =
    /^arn:[\w-]+:apigateway:[\w-]+:(?<service>\w+):(?<place>.+)$/.exec(uri)?.groups ?? {};
  return PLACES[service]?.test(place) ? { service, place } : undefined;
}

const PLACES: Record<string, RegExp> = {
  lambda: /^path\/2015-03-31\/functions\/.+\/invocations$/,
  sqs: /^(path\/\d{12}\/[^/]+|action\/SendMessage)$/,
  events: /^action\/PutEvents$/,
};

/** A function's error is looked for by its message. */
async function custom(invocation: Invocation, target: Target): Promise<WireAnswer> {
  const sent = payloadOf(invocation, target);
  let event: unknown;
  try {
    event = JSON.parse(sent || '{}');
  } catch {
    throw internalError('API_CONFIGURATION_ERROR', 500);
  }
  const InvocationType = parametersOf(invocation, target).get('X-Amz-Invocation-Type');
  const { payload, failed } = await asked(invocation, target, event, InvocationType);
  const message = failed ? (JSON.parse(payload) as { errorMessage?: string }).errorMessage : undefined;
  return integrationAnswer(invocation, target, message, payload);
}

const called = async (
  invocation: Invocation,
  target: Target,
  service: keyof Services,
  operation: string,
  input: object,
): Promise<object> =>
  invocation.world.call<object>(await credentialsFor(askerOf(invocation, target)), service, operation, input);

/** Times are seconds on the wire. */
function eventsOf(payload: string): object {
  const { Entries = [], ...rest } = (jsonMap(payload) ?? notJson()) as {
    Entries?: { Time?: number | string }[];
  };
  return {
    ...rest,
    Entries: Entries.map((entry) =>
      entry.Time === undefined
        ? entry
        : { ...entry, Time: new Date(typeof entry.Time === 'number' ? entry.Time * 1000 : entry.Time) },
    ),
  };
}

const notJson = (): never => {
  throw new AwsError('SerializationException', 'The request is no JSON object.', { status: 400 });
};

/** `integration.request.querystring.Action` and the like, filled in. */
function parametersOf(invocation: Invocation, { method }: Target): Map<string, string> {
  const { requestParameters = {} } = method.methodIntegration!;
  const filled = Object.entries(requestParameters).flatMap(([place, expression]) => {
    const name = /^integration\.request\.(?:querystring|header)\.(.+)$/.exec(place)?.[1];
    const value =
      expression === 'method.request.body'
        ? Buffer.from(invocation.request.body).toString()
        : valueOf(invocation, expression);
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(filled);
}
