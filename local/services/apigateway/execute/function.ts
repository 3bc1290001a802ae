/** Runs the function behind an API. */
import { AwsError, notModelled } from '../../../errors.ts';
import { credentialsFor, type Asker } from './credentials.ts';
import { internalError } from './refused.ts';

interface Question {
  /** The function's ARN, or API Gateway's path to its invocations. */
  uri: string;
  /** Of the stage, for `${stageVariables.NAME}` in the URI. */
  variables: Record<string, string> | undefined;
  traceId: string;
  event: unknown;
  /** @default RequestResponse */
  InvocationType?: string | undefined;
}

interface Invoked {
  payload: string;
  failed: boolean;
}

/** Throws Refused when the function cannot be asked. */
export async function invoked(
  asker: Asker,
  { uri, variables, traceId, event, InvocationType = 'RequestResponse' }: Question,
): Promise<Invoked> {
  const filled = uri.replace(/\$\{stageVariables\.(\w+)\}/g, (_all, name: string) => variables?.[name] ?? '');
  const [, invocations, arn] = /\/functions\/(.+)\/invocations$|^(arn:[\w-]+:lambda:.+)$/.exec(filled) ?? [];
  const FunctionName = invocations ?? arn;
  if (FunctionName === undefined) throw notModelled(`the integration ${uri}`);
  try {
    const { Payload, FunctionError } = await asker.world.call<{
      Payload?: Uint8Array;
      FunctionError?: string;
    }>(
      await credentialsFor(asker),
      'lambda',
      'Invoke',
      { FunctionName, InvocationType, Payload: Buffer.from(JSON.stringify(event)) },
      { 'x-amzn-trace-id': traceId },
    );
    return { payload: Buffer.from(Payload ?? []).toString(), failed: FunctionError !== undefined };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const tooMuch = error.code === 'TooManyRequestsException';
    throw internalError(tooMuch ? 'INTEGRATION_FAILURE' : 'API_CONFIGURATION_ERROR', 500);
  }
}
