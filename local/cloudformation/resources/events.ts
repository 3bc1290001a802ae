import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface EventBus extends Dictionary {
  Name: string;
  Policy?: Dictionary;
  Tags?: Tag[];
}

interface Rule extends Dictionary {
  Name?: string;
  EventBusName?: string;
  EventPattern?: Dictionary | string;
  Targets?: (Target & { Id: string })[];
  Tags?: Tag[];
}

interface Archive extends Dictionary {
  ArchiveName?: string;
  SourceArn: string;
  EventPattern?: Dictionary | string;
}

interface EventBusPolicy {
  EventBusName?: string;
  StatementId: string;
  Statement?: Dictionary;
  Action?: string;
  Principal?: string;
  Condition?: Dictionary;
}

export default {
  'AWS::Events::EventBus': {
    name: 'Name',

    async create({ Policy, Tags, ...properties }: EventBus, site) {
      const { EventBusArn } = await site.call<{ EventBusArn: string }>('events', 'CreateEventBus', {
        ...properties,
        Tags: site.tags(Tags),
      });
      site.made({ id: properties.Name });
      await allow(properties.Name, Policy, site);
      return {
        id: properties.Name,
        attributes: {
          Arn: EventBusArn,
          Name: properties.Name,
          ...(Policy ? { Policy: JSON.stringify(Policy) } : {}),
        },
      };
    },

    async update(
      { id, attributes },
      { Policy, Tags, EventSourceName: _source, ...properties }: EventBus,
      site,
      previous: EventBus,
    ) {
      await site.call('events', 'UpdateEventBus', properties);
      await allow(id, Policy, site);
      await retagged(attributes['Arn'], Tags, previous.Tags, site);
      return { id, attributes };
    },

    async delete({ id: Name }, site) {
      await site.call('events', 'DeleteEventBus', { Name });
    },
  },

  'AWS::Events::EventBusPolicy': {
    async create(properties: EventBusPolicy, site) {
      await permit(properties, site);
      return { id: site.name(undefined, { longest: 128 }) };
    },

    async update(before, properties: EventBusPolicy, site) {
      await permit(properties, site);
      return before;
    },

    async delete(_resource, site, { StatementId, EventBusName }: EventBusPolicy) {
      await site.call('events', 'RemovePermission', { StatementId, ...onBus(EventBusName) });
    },
  },

  'AWS::Events::Rule': {
    name: 'Name',

    async create(properties: Rule, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      site.made({ id: Name, attributes: { RuleName: Name } });
      const Arn = await putRule(Name, properties, site);
      const bus = busName(properties.EventBusName);
      // Recorded against AWS (LocalStack's test_rule_properties): the bus is part of the id unless it is the default.
      return { id: bus === 'default' ? Name : `${bus}|${Name}`, attributes: { Arn, RuleName: Name } };
    },

    async update({ id, attributes }, properties: Rule, site, previous: Rule) {
      const Name = String(attributes['RuleName']);
      await putRule(Name, properties, site);
      const kept = new Set(properties.Targets?.map(({ Id }) => Id));
      await removeTargets(Name, previous, ({ Id }) => !kept.has(Id), site);
      await retagged(attributes['Arn'], properties.Tags, previous.Tags, site);
      return { id, attributes };
    },

    async delete({ attributes }, site, properties: Rule) {
      const Name = String(attributes['RuleName']);
      await removeTargets(Name, properties, () => true, site);
      await site.call('events', 'DeleteRule', { Name, ...onBus(properties.EventBusName) });
    },
  },

  'AWS::Events::Archive': {
    name: 'ArchiveName',

    async create({ SourceArn, EventPattern, ...properties }: Archive, site) {
      const ArchiveName = site.name(properties.ArchiveName, { longest: 48 });
      const { ArchiveArn } = await site.call<{ ArchiveArn: string }>('events', 'CreateArchive', {
        ...properties,
        ArchiveName,
        EventSourceArn: SourceArn,
        ...pattern(EventPattern),
      });
      return { id: ArchiveName, attributes: { Arn: ArchiveArn, ArchiveName } };
    },

    async update(
      { id: ArchiveName, attributes },
      { SourceArn: _source, EventPattern, ...properties }: Archive,
      site,
    ) {
      await site.call('events', 'UpdateArchive', { ...properties, ArchiveName, ...pattern(EventPattern) });
      return { id: ArchiveName, attributes };
    },

    async delete({ id: ArchiveName }, site) {
      await site.call('events', 'DeleteArchive', { ArchiveName });
    },
  },
} satisfies ResourceTypes;

/** EventBridge keeps patterns as text. */
const pattern = (given: Dictionary | string | undefined): { EventPattern?: string } =>
  given === undefined ? {} : { EventPattern: typeof given === 'string' ? given : JSON.stringify(given) };

const onBus = (name: string | undefined) => (name === undefined ? {} : { EventBusName: name });

/** A bus may be given by its ARN: `…:event-bus/NAME`. */
const busName = (nameOrArn = 'default') => nameOrArn.split('/').at(-1)!;

const retagged = (
  ResourceARN: unknown,
  own: Tag[] | undefined,
  previous: Tag[] | undefined,
  site: Site,
): Promise<void> =>
  retag(own, previous, site, {
    untag: (TagKeys) => site.call('events', 'UntagResource', { ResourceARN, TagKeys }),
    tag: (Tags) => site.call('events', 'TagResource', { ResourceARN, Tags }),
  });

async function putRule(
  Name: string,
  { Targets, EventPattern, Tags, ...properties }: Rule,
  site: Site,
): Promise<string> {
  const { RuleArn } = await site.call<{ RuleArn: string }>('events', 'PutRule', {
    ...properties,
    Name,
    ...pattern(EventPattern),
    Tags: site.tags(Tags),
  });
  if (!Targets?.length) return RuleArn;
  const { FailedEntries = [] } = await site.call<{ FailedEntries?: Failed[] }>('events', 'PutTargets', {
    Rule: Name,
    ...onBus(properties.EventBusName),
    Targets,
  });
  const [failed] = FailedEntries;
  if (failed)
    throw new AwsError(failed.ErrorCode ?? 'ValidationException', failed.ErrorMessage ?? 'PutTargets failed');
  return RuleArn;
}

interface Failed {
  ErrorCode?: string;
  ErrorMessage?: string;
}

async function removeTargets(
  Rule: string,
  rule: Rule,
  which: (target: { Id: string }) => boolean,
  site: Site,
): Promise<void> {
  const Ids = (rule.Targets ?? []).filter(which).map(({ Id }) => Id);
  if (Ids.length > 0) await site.call('events', 'RemoveTargets', { Rule, ...onBus(rule.EventBusName), Ids });
}

async function allow(EventBusName: string, policy: Dictionary | undefined, site: Site): Promise<void> {
  if (policy) await site.call('events', 'PutPermission', { EventBusName, Policy: JSON.stringify(policy) });
}

/** One statement of the bus's policy, beside those of others. */
async function permit(
  { Statement, EventBusName, StatementId, ...shorthand }: EventBusPolicy,
  site: Site,
): Promise<void> {
  if (!Statement) {
    await site.call('events', 'PutPermission', { ...onBus(EventBusName), StatementId, ...shorthand });
    return;
  }
  const { Policy } = await site.call<{ Policy?: string }>(
    'events',
    'DescribeEventBus',
    EventBusName === undefined ? {} : { Name: EventBusName },
  );
  const before = Policy ? (JSON.parse(Policy) as { Statement: { Sid?: string }[] }).Statement : [];
  const others = before.filter(({ Sid }) => Sid !== StatementId);
  await site.call('events', 'PutPermission', {
    ...onBus(EventBusName),
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [...others, { Sid: StatementId, ...Statement }],
    }),
  });
}
