/** What a schedule may be. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
import type * as Scheduler from '@aws-sdk/client-scheduler';
import { notModelled } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { check } from '../events/constraints.ts';
import { checkTarget } from './check-target.ts';
import { isOnce, timetable } from './expression.ts';
import { invalid, NAME, type Definition, type Store } from './schedule.ts';
import type { Sdk } from './sdk.ts';
import { PRINCIPAL, SESSION } from './send.ts';

/** Throws what AWS would refuse, and by name what is not modelled. */
export async function checked(
  world: World,
  schedules: Store,
  sdk: Sdk,
  input: Scheduler.CreateScheduleInput,
  definition: Definition,
): Promise<Definition> {
  checkMembers(input);
  if (input.KmsKeyArn !== undefined) throw notModelled('keys of schedules');
  const group = schedules.group(input.GroupName);
  checkTimes(definition, world.clock.now());
  await checkTarget(world, sdk, definition.Target);
  await checkRole(world, definition.Target.RoleArn, group.arn);
  return definition;
}

const ROLE = String.raw`arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+`;
/** FIFO queues end in `.fifo`. */
const STANDARD_QUEUE = String.raw`arn:aws[a-z-]*:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+`;
const SOURCE = String.raw`(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)`;

function checkMembers(input: Scheduler.CreateScheduleInput): void {
  const { FlexibleTimeWindow: window, Target: target } = input;
  const { RetryPolicy: policy, EventBridgeParameters: event } = target ?? {};
  check(
    { at: 'name', value: input.Name, ...NAME },
    { at: 'groupName', value: input.GroupName, ...NAME },
    { at: 'clientToken', value: input.ClientToken, pattern: '[a-zA-Z0-9-_]+', longest: 64, shortest: 1 },
    { at: 'description', value: input.Description, longest: 512 },
    { at: 'scheduleExpression', value: input.ScheduleExpression, longest: 256, shortest: 1 },
    {
      at: 'scheduleExpressionTimezone',
      value: input.ScheduleExpressionTimezone,
      longest: 50,
      shortest: 1,
    },
    { at: 'state', value: input.State, oneOf: ['ENABLED', 'DISABLED'] },
    { at: 'actionAfterCompletion', value: input.ActionAfterCompletion, oneOf: ['NONE', 'DELETE'] },
    { at: 'flexibleTimeWindow.mode', value: window?.Mode, oneOf: ['OFF', 'FLEXIBLE'] },
    {
      at: 'flexibleTimeWindow.maximumWindowInMinutes',
      value: window?.MaximumWindowInMinutes,
      atLeast: 1,
      atMost: 1440,
    },
    { at: 'target.arn', value: target?.Arn, longest: 1600, shortest: 1 },
    { at: 'target.roleArn', value: target?.RoleArn, pattern: ROLE, longest: 1600 },
    { at: 'target.input', value: target?.Input, shortest: 1 },
    { at: 'target.deadLetterConfig.arn', value: target?.DeadLetterConfig?.Arn, pattern: STANDARD_QUEUE },
    {
      at: 'target.retryPolicy.maximumEventAgeInSeconds',
      value: policy?.MaximumEventAgeInSeconds,
      atLeast: 60,
      atMost: 86_400,
    },
    {
      at: 'target.retryPolicy.maximumRetryAttempts',
      value: policy?.MaximumRetryAttempts,
      atLeast: 0,
      atMost: 185,
    },
    { at: 'target.eventBridgeParameters.detailType', value: event?.DetailType, longest: 128, shortest: 1 },
    {
      at: 'target.eventBridgeParameters.source',
      value: event?.Source,
      pattern: SOURCE,
      longest: 256,
      shortest: 1,
    },
    {
      at: 'target.sqsParameters.messageGroupId',
      value: target?.SqsParameters?.MessageGroupId,
      longest: 128,
      shortest: 1,
    },
  );
}

/** How far StartDate may lie in the past. */
const LATE_MS = 5 * 60_000;

/** Its messages are as AWS sends them, but for the one on a time zone. */
function checkTimes(definition: Definition, now: number): void {
  timetable(definition, now);
  const { StartDate: start, EndDate: end, FlexibleTimeWindow: window } = definition;
  if (!isOnce(definition)) {
    if (start && start.getTime() < now - LATE_MS)
      throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
    if (start && end && start >= end)
      throw invalid('The StartDate you specify must come before the EndDate.');
  }
  const isFlexible = window.Mode === 'FLEXIBLE';
  if (isFlexible === (window.MaximumWindowInMinutes === undefined))
    throw invalid(
      `MaximumWindowInMinutes must ${isFlexible ? '' : 'not '}be provided when FlexibleTimeWindowMode is set to ${window.Mode}.`,
    );
}

/** Scheduler takes on the role for the group, so a trust policy may name the group and no schedule of it. */
async function checkRole(world: World, RoleArn: string, groupArn: string): Promise<void> {
  try {
    await world.call(servicePrincipal(world.account, PRINCIPAL, groupArn), 'sts', 'AssumeRole', {
      RoleArn,
      RoleSessionName: SESSION,
    });
  } catch {
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}
