/** What EventBridge remembers: buses with their rules, and the rules' targets. */
import type { RuleState, Tag, Target } from '@aws-sdk/client-eventbridge';
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { compilePattern, type Pattern } from './pattern/compile.ts';

export interface Bus {
  name: string;
  arn: string;
  created: number;
  modified: number;
  /** As CreateEventBus gave them. */
  options: Pick<
    EventBridge.CreateEventBusCommandInput,
    'Description' | 'KmsKeyIdentifier' | 'DeadLetterConfig' | 'LogConfig'
  >;
  policy: Policy | undefined;
  rules: Map<string, Rule>;
  /** Which rules may match a detail-type; undefined when rules have changed. */
  index: RuleIndex | undefined;
  tags: Map<string, string>;
}

/** Rules with a pattern: those that match certain detail-types only, and the others. */
export interface RuleIndex {
  byDetailType: Map<string, Rule[]>;
  others: Rule[];
}

export interface Policy {
  Version: string;
  Statement: { Sid?: string }[];
}

export interface Rule {
  name: string;
  arn: string;
  bus: Bus;
  state: RuleState;
  description: string | undefined;
  /** As given, and compiled. */
  eventPattern: string | undefined;
  pattern: Pattern | undefined;
  scheduleExpression: string | undefined;
  roleArn: string | undefined;
  /** By Id, in the order in which they were put first. */
  targets: Map<string, Target>;
  tags: Map<string, string>;
  /** Since when its schedule counts, in milliseconds since 1970. @default it has none that is enabled */
  scheduled?: { expression: string; from: number } | undefined;
}

export interface Buses {
  /** By name or ARN; the default bus when undefined. Throws ResourceNotFoundException. */
  at(nameOrArn: string | undefined): Bus;
  find(nameOrArn: string | undefined): Bus | undefined;
  /** Throws ResourceNotFoundException for the bus or the rule. */
  rule(name: string | undefined, bus: string | undefined): Rule;
  /** In the order of their names. */
  all(): Bus[];
  add(bus: Bus): void;
  remove(bus: Bus): void;
  arn(nameOrArn: string | undefined): string;
  ruleArn(rule: string, bus: string | undefined): string;
}

export const DEFAULT_BUS = 'default';

export function buses({ account, region, clock, durable }: World): Buses {
  const byName = new Map<string, Bus>();
  const prefix = `arn:aws:events:${region}:${account}:`;
  const arn = (nameOrArn = DEFAULT_BUS) =>
    nameOrArn.startsWith('arn:') ? nameOrArn : `${prefix}event-bus/${nameOrArn}`;
  const nameOf = (nameOrArn = DEFAULT_BUS) => nameOrArn.replace(/^arn:.*?:event-bus\//, '');
  const find = (nameOrArn?: string) => {
    const bus = byName.get(nameOf(nameOrArn));
    return bus?.arn === arn(nameOrArn) ? bus : undefined;
  };
  const at = (nameOrArn?: string) => {
    const bus = find(nameOrArn);
    if (!bus) throw notFound(`Event bus ${nameOf(nameOrArn)} does not exist.`);
    return bus;
  };
  const add = (bus: Bus) => void byName.set(bus.name, bus);
  add(newBus(DEFAULT_BUS, arn(), clock.now()));
  durable?.map('events/buses', byName, { store: keptBus, load: busFrom });

  return {
    at,
    find,
    rule(name = '', busName) {
      const bus = at(busName);
      const rule = bus.rules.get(name);
      if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${bus.name}.`);
      return rule;
    },
    all: () => inOrder(byName.values()),
    add,
    remove: (bus) => void byName.delete(bus.name),
    arn,
    ruleArn: (rule, bus) => `${prefix}rule/${nameOf(bus) === DEFAULT_BUS ? '' : `${nameOf(bus)}/`}${rule}`,
  };
}

export const newBus = (name: string, arn: string, now: number, options: Bus['options'] = {}): Bus => ({
  name,
  arn,
  created: now,
  modified: now,
  options,
  policy: undefined,
  rules: new Map(),
  index: undefined,
  tags: new Map(),
});

interface KeptBus extends Omit<Bus, 'rules' | 'index'> {
  rules: Omit<Rule, 'bus' | 'pattern'>[];
}

const keptBus = ({ rules, index: _index, ...bus }: Bus): KeptBus => ({
  ...bus,
  rules: Array.from(rules.values(), ({ bus: _bus, pattern: _pattern, ...rule }) => rule),
});

function busFrom({ rules, ...kept }: KeptBus): Bus {
  const bus: Bus = { ...kept, rules: new Map(), index: undefined };
  for (const rule of rules) {
    const pattern = rule.eventPattern ? compilePattern(rule.eventPattern) : undefined;
    bus.rules.set(rule.name, { ...rule, bus, pattern });
  }
  return bus;
}

/** Whether the bus has a customer's key for what comes from `source`: not for what AWS services send. */
export const isEncrypted = ({ options }: Bus, { source }: { source: string }): boolean =>
  Boolean(options.KmsKeyIdentifier) && !source.startsWith('aws.');

export const inOrder = <Named extends { name: string }>(things: Iterable<Named>): Named[] =>
  [...things].toSorted((a, b) => (a.name < b.name ? -1 : 1));

export const tagMap = (tags: Tag[] = []) => new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);
export const invalid = (message: string) => new AwsError('ValidationException', message);
export const alreadyExists = (message: string) => new AwsError('ResourceAlreadyExistsException', message);
export const limitExceeded = () =>
  new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
