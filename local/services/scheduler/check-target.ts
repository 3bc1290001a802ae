/** What a target may be; messages as AWS sends them. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html */
import { notModelled } from '../../errors.ts';
import type { World } from '../../world.ts';
import { partsOf } from '../events/calls.ts';
import { invalid, type Target } from './schedule.ts';
import type { Sdk } from './sdk.ts';
import { isTemplated, universal } from './target.ts';

export async function checkTarget(world: World, sdk: Sdk, target: Target): Promise<void> {
  const named = universal(target.Arn);
  checkParameters(target);
  if (named) await checkUniversal(world, sdk, named, target.Input);
  else checkTemplated(world, target);
}

/** Templated targets of AWS that are not here. */
const ELSEWHERE = new Set([
  'codebuild',
  'codepipeline',
  'ecs',
  'firehose',
  'inspector',
  'kinesis',
  'sagemaker',
  'states',
]);

/** Where the input is JSON. */
const JSON_ONLY = new Set(['lambda', 'events']);

function checkTemplated(world: World, { Arn, Input }: Target): void {
  const { service, region, account, resource } = partsOf(Arn);
  if (!Arn.startsWith('arn:') || service === '') throw invalid('Provided Arn is not in correct format.');
  if (ELSEWHERE.has(service)) throw notModelled(`schedules for the service ${service}`);
  if (!isTemplated(service)) throw invalid(`${service} is not a supported service for a target.`);
  if (region !== world.region)
    throw invalid(`The target ARN provided does not match the current region ${world.region}.`);
  if (account !== world.account) throw notModelled('targets of schedules in other accounts');
  if (service === 'events' && !resource.startsWith('event-bus/'))
    throw invalid('Provided Arn is not in correct format.');
  if (service === 'sns' && Arn.endsWith('.fifo')) throw notModelled('FIFO topics as targets of schedules');
  if (Input !== undefined && JSON_ONLY.has(service)) parsed(Input);
}

/** Each kind of target has parameters of its own. */
const PARAMETERS = {
  EcsParameters: 'ecs',
  EventBridgeParameters: 'events',
  KinesisParameters: 'kinesis',
  SageMakerPipelineParameters: 'sagemaker',
  SqsParameters: 'sqs',
} as const;

function checkParameters(target: Target): void {
  const { service } = partsOf(target.Arn);
  for (const name of ['EventBridgePutEventsV2Parameters', 'EventBridgePutRawEventsParameters'] as const)
    if (target[name]) throw notModelled(`${name} of schedules`);
  for (const [name, of] of Object.entries(PARAMETERS))
    if (target[name as keyof typeof PARAMETERS] && service !== of)
      throw invalid(`Parameters ${name} not supported for the target.`);
  if (service === 'events' && !target.EventBridgeParameters)
    throw invalid('Parameters EventBridgeParameters must be specified.');
  if (service !== 'sqs') return;
  const isGrouped = target.SqsParameters?.MessageGroupId !== undefined;
  const isFifo = target.Arn.endsWith('.fifo');
  if (isFifo && !isGrouped) throw invalid('Parameters SqsParameters must be specified.');
  if (!isFifo && isGrouped) throw invalid('Parameters MessageGroupId not valid for the target.');
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html#unsupported-api-actions */
const READING =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/;

async function checkUniversal(
  world: World,
  sdk: Sdk,
  { service, action }: { service: string; action: string },
  Input: string | undefined,
): Promise<void> {
  if (!sdk.has(service)) throw notModelled(`schedules for the service ${service}`);
  const operation = READING.test(action) ? undefined : await sdk.operation(service, action);
  if (!operation) throw invalid(`${action} API is not supported.`);
  const { operations } = world.service(operation.model.service as never) as { operations: object };
  if (!Object.hasOwn(operations, operation.name))
    throw notModelled(`${operation.model.service}:${operation.name}`);
  if (Input === undefined) throw invalid('You must provide an input to set this target for your schedule.');
  const value = parsed(Input);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badInput();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badInput();
  }
}

const badInput = () => invalid('JSON syntax error in input for the target');
