import type * as Lambda from '@aws-sdk/client-lambda';
import { AwsError, notModelled } from '../../errors.ts';
import type { LogLine } from '../../hosts/host.ts';
import type { Answer, Call } from '../../service.ts';
import type { Asynchronous } from './asynchronous.ts';
import type { Registry } from './registry.ts';
import type { Invoke } from './run.ts';

/** The Invoke API: synchronous, asynchronous, or a trial. */
export function invoking({ resolved }: Registry, invoke: Invoke, asynchronous: Asynchronous) {
  return {
    async Invoke(input: Lambda.InvokeCommandInput, call: Call) {
      const {
        InvocationType = 'RequestResponse',
        LogType,
        ClientContext,
        DurableExecutionName,
        TenantId,
      } = input;
      if (DurableExecutionName) throw notModelled('durable functions');
      if (TenantId) throw notModelled('tenant isolation');
      const target = resolved(input.FunctionName, input.Qualifier);
      const payload = jsonText(
        input.Payload as Uint8Array | undefined,
        InvocationType === 'Event' ? EVENT_BYTES : REQUEST_BYTES,
      );
      const ExecutedVersion = target.revision.configuration.Version;
      if (InvocationType === 'DryRun')
        return { StatusCode: 204, ExecutedVersion } satisfies Answer<Lambda.InvokeCommandOutput>;
      const traceId = call.headers['x-amzn-trace-id'];
      const run = { requestId: call.requestId, payload, ...(traceId !== undefined && { traceId }) };
      if (InvocationType === 'Event') {
        asynchronous.accept(target, run);
        return { StatusCode: 202 } satisfies Answer<Lambda.InvokeCommandOutput>;
      }
      const clientContext = ClientContext && Buffer.from(ClientContext, 'base64').toString();
      const outcome = await invoke(target, { ...run, clientContext });
      return {
        StatusCode: 200,
        ExecutedVersion,
        Payload: Buffer.from(outcome.payload) as never,
        ...(outcome.failed && { FunctionError: 'Unhandled' }),
        ...(LogType === 'Tail' && { LogResult: tail(outcome.lines) }),
      } satisfies Answer<Lambda.InvokeCommandOutput>;
    },

    InvokeWithResponseStream() {
      throw notModelled('response streaming');
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; asynchronous: 1 MB since 29 January 2026 */
const REQUEST_BYTES = 6_291_456;
const EVENT_BYTES = 1_048_576;

/** Throws RequestTooLargeException. */
export function checkSize(bytes: number, limit = REQUEST_BYTES): void {
  if (bytes <= limit) return;
  throw new AwsError(
    'RequestTooLargeException',
    `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    { status: 413 },
  );
}

/** The payload as JSON text; an empty one is an empty object. */
function jsonText(payload: Uint8Array | undefined, limit: number): string {
  if (!payload || payload.byteLength === 0) return '{}';
  checkSize(payload.byteLength, limit);
  const text = Buffer.from(payload).toString();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      { status: 400, Type: 'User' },
    );
  }
  return text;
}

/** The last 4 KB of an invocation's log, in base 64. */
const tail = (lines: LogLine[]) =>
  Buffer.from(lines.map(({ message }) => message).join(''))
    .subarray(-4096)
    .toString('base64');
