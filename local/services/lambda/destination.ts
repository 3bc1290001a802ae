import { AwsError } from '../../errors.ts';
import type { Outcome } from '../../hosts/host.ts';
import type { RoleSession } from '../../principal.ts';
import type { World } from '../../world.ts';
import type { Meter } from '../monitoring/by-name.ts';
import type { Registry, Resolved } from './registry.ts';
import { sessionOf } from './role.ts';
import type { Run } from './run.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** How an asynchronous invocation ended. */
export interface Undelivered {
  target: Resolved;
  run: Run;
  condition: Condition;
  invokes: number;
  /** Of the last attempt. @default it never ran */
  outcome: Outcome | undefined;
}

/** Tells the function's destination and, after a failure, its dead-letter queue, as its role. */
export async function deliver({ world, meter }: Registry, ended: Undelivered): Promise<void> {
  const { target, condition } = ended;
  const { fn, qualifier = '$LATEST', revision } = target;
  const session = sessionOf(world, revision.configuration.Role, fn.name);
  const { OnSuccess, OnFailure } = fn.invokeConfigs.get(qualifier)?.DestinationConfig ?? {};
  const destination = condition === 'Success' ? OnSuccess?.Destination : OnFailure?.Destination;
  const queue = condition === 'Success' ? undefined : revision.configuration.DeadLetterConfig?.TargetArn;

  const { DeadLetterErrors, DestinationDeliveryFailures } = meter(fn.name);
  const tried = async (arn: string, failed: Meter, send: () => Promise<unknown>) => {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed(1);
      world.activity.tell({ kind: 'undelivered', function: fn.name, destination: arn, error: error.code });
    }
  };
  if (queue) await tried(queue, DeadLetterErrors, () => sendDeadLetter(world, session, queue, ended));
  if (destination)
    await tried(destination, DestinationDeliveryFailures, () =>
      sendRecord(world, session, destination, ended),
    );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function recordOf({ target, run, condition, invokes, outcome }: Undelivered, now: number) {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: run.requestId,
      functionArn: target.qualifier === undefined ? `${target.arn}:$LATEST` : target.arn,
      condition,
      approximateInvokeCount: invokes,
    },
    requestPayload: JSON.parse(run.payload) as unknown,
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: target.revision.configuration.Version,
        ...(outcome.failed && { functionError: 'Unhandled' }),
      },
      responsePayload: JSON.parse(outcome.payload) as unknown,
    }),
  };
}

async function sendRecord(
  world: World,
  session: RoleSession,
  arn: string,
  ended: Undelivered,
): Promise<unknown> {
  const record = recordOf(ended, world.clock.now());
  const body = JSON.stringify(record);
  const service = arn.split(':')[2];
  if (service === 'sqs') return sendMessage(world, session, arn, body, ended);
  if (service === 'sns') return world.call(session, 'sns', 'Publish', { TopicArn: arn, Message: body });
  if (service === 'lambda')
    return world.call(session, 'lambda', 'Invoke', {
      FunctionName: arn,
      InvocationType: 'Event',
      Payload: Buffer.from(body),
    });
  const Entry = {
    EventBusName: arn,
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${ended.condition === 'Success' ? 'Success' : 'Failure'}`,
    Resources: [arn, record.requestContext.functionArn],
    Detail: body,
  };
  return world.call(session, 'events', 'PutEvents', { Entries: [Entry] });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq */
function sendDeadLetter(
  world: World,
  session: RoleSession,
  arn: string,
  ended: Undelivered,
): Promise<unknown> {
  const { run, outcome } = ended;
  const { errorMessage = '' } = outcome ? (JSON.parse(outcome.payload) as { errorMessage?: string }) : {};
  const attributes = {
    RequestID: { DataType: 'String', StringValue: run.requestId },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: errorMessage.slice(0, 1024) || 'unknown' },
  };
  if (arn.split(':')[2] === 'sns')
    return world.call(session, 'sns', 'Publish', {
      TopicArn: arn,
      Message: run.payload,
      MessageAttributes: attributes,
    });
  return sendMessage(world, session, arn, run.payload, ended, attributes);
}

function sendMessage(
  world: World,
  session: RoleSession,
  queueArn: string,
  MessageBody: string,
  { run }: Undelivered,
  MessageAttributes?: object,
): Promise<unknown> {
  const QueueUrl = world.service('sqs').urlOf(queueArn);
  if (!QueueUrl) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return world.call(session, 'sqs', 'SendMessage', {
    QueueUrl,
    MessageBody,
    ...(MessageAttributes && { MessageAttributes }),
    ...(run.traceId !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: run.traceId } },
    }),
  });
}
