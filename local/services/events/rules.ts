/** Rules. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import {
  DEFAULT_BUS,
  inOrder,
  invalid,
  limitExceeded,
  tagMap,
  type Bus,
  type Buses,
  type Rule,
} from './bus.ts';
import { check, page, RULE_NAME } from './constraints.ts';
import { compilePattern } from './pattern/compile.ts';
import { parseSchedule } from './schedule.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_RULES = 300;
/** Characters; the API takes 4,096, but an account must ask for more than this. */
const LONGEST_PATTERN = 2048;
const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] as const;

/** Changes a rule, or adds it. */
type Put = (rule: Rule, members: Partial<Rule>) => void;

/** `changed` is told of every rule that is new, different or gone. */
export function ruleOperations(world: World, buses: Buses, changed: (rule: Rule) => void) {
  const put: Put = (rule, members) => {
    Object.assign(rule, members);
    rule.bus.rules.set(rule.name, rule);
    rule.bus.index = undefined;
    changed(rule);
  };

  return {
    PutRule: putRule(buses, put),

    DescribeRule({ Name, EventBusName }: EventBridge.DescribeRuleCommandInput) {
      return {
        ...described(buses.rule(Name, EventBusName)),
        CreatedBy: world.account,
      } satisfies Answer<EventBridge.DescribeRuleCommandOutput>;
    },

    ...listings(buses),

    EnableRule({ Name, EventBusName }: EventBridge.EnableRuleCommandInput) {
      put(buses.rule(Name, EventBusName), { state: 'ENABLED' });
      return {} satisfies Answer<EventBridge.EnableRuleCommandOutput>;
    },

    DisableRule({ Name, EventBusName }: EventBridge.DisableRuleCommandInput) {
      put(buses.rule(Name, EventBusName), { state: 'DISABLED' });
      return {} satisfies Answer<EventBridge.DisableRuleCommandOutput>;
    },

    DeleteRule({ Name = '', EventBusName }: EventBridge.DeleteRuleCommandInput) {
      const bus = buses.at(EventBusName);
      const rule = bus.rules.get(Name);
      if (!rule) return {};
      if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
      bus.rules.delete(Name);
      bus.index = undefined;
      changed(rule);
      return {} satisfies Answer<EventBridge.DeleteRuleCommandOutput>;
    },
  };
}

function putRule(buses: Buses, put: Put) {
  return ({
    Name = '',
    EventBusName,
    Tags,
    ...given
  }: EventBridge.PutRuleCommandInput): Answer<EventBridge.PutRuleCommandOutput> => {
    const { EventPattern, ScheduleExpression, State = 'ENABLED', Description, RoleArn } = given;
    check(
      { at: 'name', value: Name, ...RULE_NAME },
      { at: 'eventPattern', value: EventPattern, longest: 4096 },
      { at: 'scheduleExpression', value: ScheduleExpression, longest: 256 },
      { at: 'state', value: State, oneOf: STATES },
      { at: 'description', value: Description, longest: 512 },
    );
    const bus = buses.at(EventBusName);
    if (EventPattern && EventPattern.length > LONGEST_PATTERN) throw limitExceeded();
    if (!EventPattern && !ScheduleExpression)
      throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    if (ScheduleExpression && bus.name !== DEFAULT_BUS)
      throw invalid('ScheduleExpression is supported only on the default event bus.');
    if (ScheduleExpression) parseSchedule(ScheduleExpression);
    const before = bus.rules.get(Name);
    if (!before && bus.rules.size >= MOST_RULES) throw limitExceeded();
    const rule = before ?? newRule(Name, bus, buses.ruleArn(Name, bus.name), tagMap(Tags));
    put(rule, {
      state: State,
      description: Description,
      eventPattern: EventPattern,
      pattern: EventPattern ? compilePattern(EventPattern) : undefined,
      scheduleExpression: ScheduleExpression,
      roleArn: RoleArn,
    });
    return { RuleArn: rule.arn };
  };
}

function listings(buses: Buses) {
  return {
    ListRules({ NamePrefix = '', EventBusName, ...rest }: EventBridge.ListRulesCommandInput) {
      const rules = inOrder(buses.at(EventBusName).rules.values());
      const { items, next } = page(
        rules.filter(({ name }) => name.startsWith(NamePrefix)),
        rest,
      );
      return { Rules: items.map(described), ...next } satisfies Answer<EventBridge.ListRulesCommandOutput>;
    },

    ListRuleNamesByTarget({
      TargetArn,
      EventBusName,
      ...rest
    }: EventBridge.ListRuleNamesByTargetCommandInput) {
      const rules = inOrder(buses.at(EventBusName).rules.values()).filter(({ targets }) =>
        [...targets.values()].some(({ Arn }) => Arn === TargetArn),
      );
      const { items, next } = page(rules, rest);
      return {
        RuleNames: items.map(({ name }) => name),
        ...next,
      } satisfies Answer<EventBridge.ListRuleNamesByTargetCommandOutput>;
    },
  };
}

const newRule = (name: string, bus: Bus, arn: string, tags: Map<string, string>): Rule => ({
  name,
  arn,
  bus,
  state: 'ENABLED',
  description: undefined,
  eventPattern: undefined,
  pattern: undefined,
  scheduleExpression: undefined,
  roleArn: undefined,
  targets: new Map(),
  tags,
});

const described = (rule: Rule): EventBridge.Rule => ({
  Name: rule.name,
  Arn: rule.arn,
  ...(rule.eventPattern === undefined ? {} : { EventPattern: rule.eventPattern }),
  ...(rule.scheduleExpression === undefined ? {} : { ScheduleExpression: rule.scheduleExpression }),
  State: rule.state,
  ...(rule.description === undefined ? {} : { Description: rule.description }),
  ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
  EventBusName: rule.bus.name,
});
