/** What becomes of an invocation that has failed for good. https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { queueUrl } from '../events/calls.ts';
import { isoSeconds } from '../events/event.ts';
import type { Exhausted } from '../events/retry.ts';
import type { Count } from './metrics.ts';
import type { Schedule, Target } from './schedule.ts';
import type { Sdk } from './sdk.ts';
import { universalArn, type Request } from './target.ts';

export interface Failure {
  error: unknown;
  request: Request;
  /** Of the last attempt. */
  executionId: string;
  /** In milliseconds since 1970. */
  scheduled: number;
  retries: number;
  /** @default it was not retriable */
  exhausted?: Exhausted | undefined;
}

/** Sends the call to the target's dead-letter queue, if it has one, as the schedule's role; never fails. */
export type End = (
  schedule: Schedule,
  target: Target,
  failure: Failure,
  principal: () => Promise<Principal>,
) => Promise<void>;

export function deadLetters(world: World, sdk: Sdk, count: Count): End {
  const { activity } = world;
  return async (schedule, target, failure, principal) => {
    const error = await told(sdk, failure);
    const queue = target.DeadLetterConfig?.Arn;
    const what = { schedule: schedule.arn, target: target.Arn, error: error.code };
    count(schedule.group, 'InvocationDroppedCount');
    activity.tell({ kind: queue === undefined ? 'dropped' : 'dead-letter', ...what });
    if (queue === undefined) return;
    try {
      await world.call(await principal(), 'sqs', 'SendMessage', {
        QueueUrl: queueUrl(world.endpoint(), queue),
        MessageBody: JSON.stringify(failure.request.input),
        MessageAttributes: attributesOf(schedule, failure, error),
      });
      count(schedule.group, 'InvocationsSentToDeadLetterCount');
    } catch (lost) {
      const code = lost instanceof AwsError ? await sdk.codeOf('sqs', lost.code) : INTERNAL;
      count(schedule.group, 'InvocationsFailedToBeSentToDeadLetterCount');
      count(schedule.group, `InvocationsFailedToBeSentToDeadLetterCount_${code}`);
      activity.tell({ kind: 'dropped', ...what, deadLetterError: code });
    }
  };
}

const INTERNAL = 'AWS.Scheduler.InternalServerError';

async function told(sdk: Sdk, { error, request }: Failure): Promise<{ code: string; message: string }> {
  if (!(error instanceof AwsError))
    return { code: INTERNAL, message: 'Unexpected error occurred while processing the request' };
  return { code: await sdk.codeOf(request.service, error.code), message: error.message || error.code };
}

function attributesOf(
  schedule: Schedule,
  { request, executionId, scheduled, retries, exhausted }: Failure,
  { code, message }: { code: string; message: string },
) {
  const texts = {
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    EXECUTION_ID: executionId,
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(retries),
    SCHEDULED_TIME: isoSeconds(scheduled),
    SCHEDULE_ARN: schedule.arn,
    TARGET_ARN: universalArn(request),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
