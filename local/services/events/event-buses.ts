/** Event buses and who may put events on them. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import {
  alreadyExists,
  DEFAULT_BUS,
  inOrder,
  invalid,
  limitExceeded,
  newBus,
  notFound,
  tagMap,
  type Bus,
  type Buses,
  type Policy,
} from './bus.ts';
import { check, page } from './constraints.ts';
import { checkBusKey } from './encryption.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_BUSES = 100;
const LONGEST_POLICY = 10_240;

export function busOperations(world: World, buses: Buses) {
  const { clock } = world;
  return {
    async CreateEventBus({
      Name = '',
      Tags,
      EventSourceName,
      ...options
    }: EventBridge.CreateEventBusCommandInput) {
      if (EventSourceName !== undefined) throw notModelled('event buses of partner event sources');
      check({ at: 'name', value: Name, pattern: String.raw`[/\.\-_A-Za-z0-9]+`, longest: 256, shortest: 1 });
      if (Name.includes('/')) throw invalid("Event bus name must not contain '/'.");
      if (buses.find(Name)) throw alreadyExists(`Event bus ${Name} already exists.`);
      if (buses.all().length >= MOST_BUSES) throw limitExceeded();
      await checkBusKey(world, options.KmsKeyIdentifier);
      const bus = newBus(Name, buses.arn(Name), clock.now(), options);
      bus.tags = tagMap(Tags);
      buses.add(bus);
      return { EventBusArn: bus.arn, ...options } satisfies Answer<EventBridge.CreateEventBusCommandOutput>;
    },

    async UpdateEventBus({ Name, ...options }: EventBridge.UpdateEventBusCommandInput) {
      const bus = buses.at(Name);
      await checkBusKey(world, options.KmsKeyIdentifier);
      bus.options = options;
      bus.modified = clock.now();
      return {
        Arn: bus.arn,
        Name: bus.name,
        ...options,
      } satisfies Answer<EventBridge.UpdateEventBusCommandOutput>;
    },

    DescribeEventBus({ Name }: EventBridge.DescribeEventBusCommandInput) {
      const bus = buses.at(Name);
      return {
        ...described(bus),
        ...bus.options,
      } satisfies Answer<EventBridge.DescribeEventBusCommandOutput>;
    },

    ListEventBuses({ NamePrefix = '', ...rest }: EventBridge.ListEventBusesCommandInput) {
      const named = inOrder(buses.all()).filter(({ name }) => name.startsWith(NamePrefix));
      const { items, next } = page(named, rest);
      return {
        EventBuses: items.map(described),
        ...next,
      } satisfies Answer<EventBridge.ListEventBusesCommandOutput>;
    },

    DeleteEventBus({ Name }: EventBridge.DeleteEventBusCommandInput) {
      if (Name === DEFAULT_BUS) throw invalid('Cannot delete event bus default.');
      const bus = buses.at(Name);
      if (bus.rules.size > 0) throw invalid("EventBus can't be deleted since it has rules.");
      buses.remove(bus);
      return {} satisfies Answer<EventBridge.DeleteEventBusCommandOutput>;
    },

    ...permissionOperations(buses),
  };
}

const described = ({ name, arn, created, modified, options, policy }: Bus): EventBridge.EventBus => ({
  Name: name,
  Arn: arn,
  ...(options.Description === undefined ? {} : { Description: options.Description }),
  ...(policy ? { Policy: JSON.stringify(policy) } : {}),
  CreationTime: new Date(created),
  LastModifiedTime: new Date(modified),
});

function permissionOperations(buses: Buses) {
  return {
    PutPermission(input: EventBridge.PutPermissionCommandInput) {
      const bus = buses.at(input.EventBusName);
      const policy = input.Policy === undefined ? withStatement(bus, input) : policyIn(input.Policy);
      if (JSON.stringify(policy).length > LONGEST_POLICY)
        throw new AwsError('PolicyLengthExceededException', 'The policy is too long.');
      bus.policy = policy;
      return {} satisfies Answer<EventBridge.PutPermissionCommandOutput>;
    },

    RemovePermission({
      EventBusName,
      StatementId,
      RemoveAllPermissions,
    }: EventBridge.RemovePermissionCommandInput) {
      const bus = buses.at(EventBusName);
      if (RemoveAllPermissions) {
        bus.policy = undefined;
        return {};
      }
      const kept = bus.policy?.Statement.filter(({ Sid }) => Sid !== StatementId) ?? [];
      if (kept.length === (bus.policy?.Statement.length ?? 0))
        throw notFound('Statement with the provided id does not exist.');
      bus.policy = kept.length > 0 ? { ...bus.policy!, Statement: kept } : undefined;
      return {} satisfies Answer<EventBridge.RemovePermissionCommandOutput>;
    },
  };
}

function withStatement(
  { arn, policy }: Bus,
  { StatementId, Principal = '', Action, Condition }: EventBridge.PutPermissionCommandInput,
): Policy {
  check(
    { at: 'statementId', value: StatementId, pattern: '[a-zA-Z0-9-_]+', longest: 64, shortest: 1 },
    { at: 'principal', value: Principal, pattern: String.raw`(\d{12}|\*)`, longest: 12, shortest: 1 },
    { at: 'action', value: Action, pattern: 'events:[a-zA-Z]+', longest: 64, shortest: 1 },
  );
  if (!StatementId || !Principal || !Action)
    throw invalid('Parameter StatementId, Action, Principal must be specified when Policy is not.');
  const statement = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: arn,
    ...(Condition
      ? { Condition: { [Condition.Type ?? '']: { [Condition.Key ?? '']: Condition.Value } } }
      : {}),
  };
  const others = policy?.Statement.filter(({ Sid }) => Sid !== StatementId) ?? [];
  return { Version: '2012-10-17', Statement: [...others, statement] };
}

function policyIn(text: string): Policy {
  try {
    const policy = JSON.parse(text) as Partial<Policy>;
    const statements = policy.Statement ?? [];
    return {
      ...policy,
      Version: policy.Version ?? '2012-10-17',
      Statement: Array.isArray(statements) ? statements : [statements],
    };
  } catch {
    throw invalid('Parameter Policy is not valid. Reason: The policy is not valid JSON.');
  }
}
