/** What a stage tells of the execution of a request, where logging is on. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
import type { WireAnswer } from '../../../wire/message.ts';
import { settingOf } from '../method-settings.ts';
import type { Invocation } from './invocation.ts';

/** `ERROR` tells of what went wrong only, `INFO` of everything; data traces add what was sent and answered. */
export function logExecution(invocation: Invocation, { status, body }: WireAnswer): void {
  const { world, apiId, stage, target, request, context } = invocation;
  if (!target) return;
  const { loggingLevel = 'OFF', dataTraceEnabled } = settingOf(
    stage,
    target.resource.path,
    target.method.httpMethod,
  );
  const error = context['error'] as { message: string | null } | undefined;
  if (loggingLevel === 'OFF' || (loggingLevel === 'ERROR' && !error)) return;
  const lines = [
    `Extended Request Id: ${context.extendedRequestId}`,
    `Starting execution for request: ${context.requestId}`,
    `HTTP Method: ${request.method}, Resource Path: ${request.path}`,
    ...(dataTraceEnabled ? [`Method request body before transformations: ${text(request.body)}`] : []),
    error
      ? `Execution failed${error.message === null ? AUTHORIZER : `: ${error.message}`}`
      : 'Successfully completed execution',
    ...(dataTraceEnabled ? [`Method response body after transformations: ${text(body)}`] : []),
    `Method completed with status: ${status}`,
  ];
  const timestamp = world.clock.now();
  world.service('logs').append(
    `API-Gateway-Execution-Logs_${apiId}/${stage.stageName}`,
    apiId,
    lines.map((line) => ({ timestamp, message: `(${context.requestId}) ${line}` })),
  );
}

const AUTHORIZER = ' due to configuration error: Authorizer error';

/** Long bodies are cut. */
const text = (body: Uint8Array): string => Buffer.from(body).toString().slice(0, 1024);
