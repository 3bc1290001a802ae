/** Calls an AWS service with what a request says, as the integration's role, and passes its answer on. */
import { AwsError } from '../../../errors.ts';
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { credentialsFor } from '../../apigateway/execute/credentials.ts';
import type { Integration } from '../api.ts';
import { said } from './answer.ts';
import { placeOf, type Invocation, type Target } from './invocation.ts';
import { parameterOf } from './parameters.ts';

/** Throws Refused where the role cannot be assumed. */
export async function awsService(
  invocation: Invocation,
  target: Target,
  integration: Integration,
): Promise<WireAnswer> {
  const { RequestParameters = {}, IntegrationSubtype, CredentialsArn: role } = integration;
  const given: Record<string, string> = {};
  for (const [name, source] of Object.entries(RequestParameters)) {
    const value = parameterOf(invocation, source);
    if (value === undefined) return unresolved(invocation, name, source);
    given[name] = value;
  }
  const { world } = invocation;
  const caller = await credentialsFor({ world, place: placeOf(invocation, target), role });
  return IntegrationSubtype === 'SQS-SendMessage'
    ? answered(
        () => world.call<Sent>(caller, 'sqs', 'SendMessage', messageOf(given)),
        sent(invocation.context.requestId),
      )
    : answered(() => world.call(caller, 'events', 'PutEvents', { Entries: [entryOf(given)] }), published);
}

/** Recorded against AWS: https://github.com/hashicorp/terraform-provider-aws/issues/19443 */
function unresolved(invocation: Invocation, name: string, source: string): WireAnswer {
  const message = `Unable to resolve property ${name} from source ${source}. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.`;
  invocation.context['integrationErrorMessage'] = message;
  return said(400, message);
}

/** How a service writes what it did, and what it refuses. */
interface Form<Output> {
  type: string;
  done(output: Output): string;
  refused(error: AwsError): string;
}

async function answered<Output>(call: () => Promise<Output>, form: Form<Output>): Promise<WireAnswer> {
  const headers = { 'content-type': form.type };
  try {
    return { status: 200, headers, body: bytes(form.done(await call())) };
  } catch (error) {
    if (!(error instanceof AwsError) || error.status === 501) throw error;
    return { status: error.status ?? 400, headers, body: bytes(form.refused(error)) };
  }
}

interface Sent {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  SequenceNumber?: string;
}

/** SQS is asked in the Query protocol, whose answers are XML. */
const sent = (requestId: string): Form<Sent> => {
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return {
    type: 'text/xml',
    done: (output) =>
      xml(
        'SendMessageResponse',
        `<SendMessageResult>${elements({ ...output })}</SendMessageResult>${metadata}`,
      ),
    refused: ({ code: Code, message: Message }) =>
      xml(
        'ErrorResponse',
        `<Error>${elements({ Type: 'Sender', Code, Message })}</Error><RequestId>${requestId}</RequestId>`,
      ),
  };
};

const xml = (root: string, inner: string) =>
  `<?xml version="1.0"?><${root} xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${inner}</${root}>`;

const elements = (members: Record<string, string | undefined>): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escaped(value!)}</${name}>`)
    .join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const published: Form<object> = {
  type: 'application/x-amz-json-1.1',
  done: JSON.stringify,
  refused: ({ code, message }) => JSON.stringify({ __type: code, message }),
};

function messageOf({ DelaySeconds, MessageAttributes, MessageSystemAttributes, ...given }: Given): object {
  return {
    ...given,
    ...(DelaySeconds !== undefined && { DelaySeconds: Number(DelaySeconds) }),
    ...(MessageAttributes !== undefined && { MessageAttributes: attributesOf(MessageAttributes) }),
    ...(MessageSystemAttributes !== undefined && {
      MessageSystemAttributes: attributesOf(MessageSystemAttributes),
    }),
  };
}

function entryOf({ Time, Resources, ...given }: Given): object {
  return {
    ...given,
    ...(Time !== undefined && { Time: new Date(Time) }),
    ...(Resources !== undefined && { Resources: json(Resources) }),
  };
}

type Given = Partial<Record<string, string>>;

/** Attributes of a message; binary values are in Base64. */
const attributesOf = (text: string): object =>
  Object.fromEntries(
    Object.entries(json(text) as Record<string, { BinaryValue?: string }>).map(
      ([name, { BinaryValue, ...attribute }]) => [
        name,
        { ...attribute, ...(BinaryValue && { BinaryValue: Buffer.from(BinaryValue, 'base64') }) },
      ],
    ),
  );

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The parameter is no JSON.', { status: 400 });
  }
}
