/** A rule's targets. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalid, limitExceeded, type Buses, type Rule } from './bus.ts';
import { isApiDestination, partsOf, undeliverable } from './calls.ts';
import { check, page, RULE_NAME, type Constraint } from './constraints.ts';
import { placeholdersIn, PREDEFINED } from './input.ts';
import { jsonPath } from './path.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_TARGETS = 5;

/** `changed` is told of every rule whose targets are different. */
export function targetOperations(world: World, buses: Buses, changed: (rule: Rule) => void) {
  return {
    PutTargets({ Rule, EventBusName, Targets = [] }: EventBridge.PutTargetsCommandInput) {
      check(...Targets.flatMap(constraints));
      const rule = buses.rule(Rule, EventBusName);
      for (const target of Targets) refuseWrong(target, world);
      const ids = new Set([...rule.targets.keys(), ...Targets.map(({ Id = '' }) => Id)]);
      if (ids.size > MOST_TARGETS) throw limitExceeded();
      for (const target of Targets) rule.targets.set(target.Id ?? '', target);
      changed(rule);
      return {
        FailedEntryCount: 0,
        FailedEntries: [],
      } satisfies Answer<EventBridge.PutTargetsCommandOutput>;
    },

    RemoveTargets({ Rule: name, EventBusName, Ids = [] }: EventBridge.RemoveTargetsCommandInput) {
      const rule = buses.rule(name, EventBusName);
      const unknown = Ids.filter((id) => !rule.targets.delete(id));
      changed(rule);
      return {
        FailedEntryCount: unknown.length,
        FailedEntries: unknown.map((TargetId) => ({
          TargetId,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: `Rule '${rule.name}' does not have a target with the Id '${TargetId}'.`,
        })),
      } satisfies Answer<EventBridge.RemoveTargetsCommandOutput>;
    },

    ListTargetsByRule({ Rule: name, EventBusName, ...rest }: EventBridge.ListTargetsByRuleCommandInput) {
      const { items, next } = page([...buses.rule(name, EventBusName).targets.values()], rest);
      return { Targets: items, ...next } satisfies Answer<EventBridge.ListTargetsByRuleCommandOutput>;
    },
  };
}

function constraints({ Id, Arn, Input, InputPath, ...target }: EventBridge.Target, i: number): Constraint[] {
  const at = (member: string) => `targets.${i + 1}.member.${member}`;
  return [
    { at: at('id'), value: Id, ...RULE_NAME },
    { at: at('arn'), value: Arn, longest: 1600, shortest: 1 },
    { at: at('input'), value: Input, longest: 8192 },
    { at: at('inputPath'), value: InputPath, longest: 256 },
    {
      at: at('inputTransformer.inputTemplate'),
      value: target.InputTransformer?.InputTemplate,
      longest: 8192,
      shortest: 1,
    },
  ];
}

const MODELLED = new Set([
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'SqsParameters',
  'DeadLetterConfig',
  'RetryPolicy',
  'HttpParameters',
]);

function refuseWrong(target: EventBridge.Target, world: World): void {
  const { Id = '', Arn = '', Input, InputPath, InputTransformer, RetryPolicy = {} } = target;
  const other = Object.keys(target).find((member) => !MODELLED.has(member));
  if (other !== undefined) throw notModelled(`${other} of an EventBridge target`);
  if (!Arn.startsWith('arn:'))
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const reason = undeliverable(Arn, world);
  if (reason !== undefined) throw notModelled(reason);
  if (isApiDestination(target) && target.RoleArn === undefined)
    throw invalid(`RoleArn is required for target ${Arn}.`);
  if (!isApiDestination(target) && target.HttpParameters)
    throw notModelled('HttpParameters of a target that is no API destination');
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (Input !== undefined) refuseNoJson(Input, Id);
  if (InputPath !== undefined && !jsonPath(InputPath)) throw invalidPath(Id);
  if (InputTransformer) refuseWrongTransformer(InputTransformer, Id);
  refuseOutside(RetryPolicy.MaximumRetryAttempts, 0, 185, 'maximumRetryAttempts');
  refuseOutside(RetryPolicy.MaximumEventAgeInSeconds, 60, 86_400, 'maximumEventAgeInSeconds');
  if (Arn.endsWith('.fifo') && partsOf(Arn).service === 'sqs' && !target.SqsParameters?.MessageGroupId)
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
}

function refuseNoJson(input: string, id: string) {
  try {
    JSON.parse(input);
  } catch {
    throw invalid(`JSON syntax error in input for target ${id} : ${input}`);
  }
}

const invalidPath = (id: string) => invalid(`Invalid JSONPath for target ${id}.`);

function refuseWrongTransformer(
  { InputPathsMap = {}, InputTemplate = '' }: EventBridge.InputTransformer,
  id: string,
) {
  const names = Object.keys(InputPathsMap);
  if (names.length > 100) throw limitExceeded();
  const reserved = names.find((name) => name.startsWith('AWS'));
  if (reserved !== undefined)
    throw invalid(`InputPathsMap for target ${id} contains the reserved key ${reserved}.`);
  if (Object.values(InputPathsMap).some((path) => !jsonPath(path))) throw invalidPath(id);
  const unknown = placeholdersIn(InputTemplate).find(
    (name) => !Object.hasOwn(InputPathsMap, name) && !Object.hasOwn(PREDEFINED, name),
  );
  if (unknown !== undefined)
    throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`);
}

function refuseOutside(value: number | undefined, low: number, high: number, member: string) {
  if (value === undefined || (value >= low && value <= high)) return;
  const bound = value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`;
  throw invalid(
    `1 validation error detected: Value '${value}' at 'targets.1.member.retryPolicy.${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}
