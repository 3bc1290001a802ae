/** SendMessage as an API says it: in the Query protocol, answered in JSON. */
import { notModelled } from '../../../errors.ts';
import type { Invocation } from './invocation.ts';

/** @param place `path/ACCOUNT/QUEUE`, or `action/SendMessage` where the form names the queue */
export function messageOf(
  payload: string,
  given: Map<string, string>,
  place: string,
  { world }: Invocation,
): object {
  const form = new Map([...new URLSearchParams(payload), ...given]);
  const QueueUrl = place.startsWith('path/')
    ? `${world.endpoint()}/${place.slice('path/'.length)}`
    : form.get('QueueUrl');
  const input: Record<string, unknown> = { QueueUrl };
  const attributes: Record<string, Record<string, string>> = {};
  for (const [name, value] of form) {
    const [, number, part] =
      /^MessageAttribute\.(\d+)\.(?:Value\.)?(Name|DataType|StringValue)$/.exec(name) ?? [];
    if (number !== undefined) (attributes[number] ??= {})[part!] = value;
    else if (MEMBERS.has(name)) input[name] = name === 'DelaySeconds' ? Number(value) : value;
    else if (!IGNORED.has(name) && !(name === 'Action' && value === 'SendMessage'))
      throw notModelled(`${name}=${value} in an integration with SQS`);
  }
  const named = Object.values(attributes).map(({ Name = '', ...attribute }) => [Name, attribute]);
  return { ...input, ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) as object }) };
}

const MEMBERS = new Set(['MessageBody', 'MessageGroupId', 'MessageDeduplicationId', 'DelaySeconds']);
/** What says how the request is written, rather than what. */
const IGNORED = new Set(['QueueUrl', 'Version', 'Content-Type']);

/** As recorded against AWS (LocalStack's test_apigateway_sqs snapshots). */
export const sentMessage = (result: object, { context }: Invocation): string =>
  JSON.stringify({
    SendMessageResponse: {
      ResponseMetadata: { RequestId: context.requestId },
      SendMessageResult: {
        MD5OfMessageAttributes: null,
        MD5OfMessageSystemAttributes: null,
        SequenceNumber: null,
        ...result,
      },
    },
  });
