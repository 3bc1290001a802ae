import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => void (aws = await eventing()));
afterEach(() => aws.stop());

const prefix = 'arn:aws:events:eu-west-1:000000000000';
const queue = 'arn:aws:sqs:eu-west-1:000000000000:q';
const refused = (name: string, message: string) => ({ name, message });

describe('event buses', () => {
  test('are created, described, listed with the default bus, and deleted', async () => {
    const created = await aws.events.send(new CreateEventBusCommand({ Name: 'b', Description: 'd' }));
    expect(created).toMatchObject({ EventBusArn: `${prefix}:event-bus/b`, Description: 'd' });
    const bus = {
      Name: 'b',
      Arn: `${prefix}:event-bus/b`,
      Description: 'd',
      CreationTime: new Date(Date.UTC(2030, 0, 1)),
    };
    expect(await aws.events.send(new DescribeEventBusCommand({ Name: 'b' }))).toMatchObject(bus);
    const listed = await aws.events.send(new ListEventBusesCommand({}));
    expect(listed.EventBuses).toMatchObject([bus, { Name: 'default' }]);
    await aws.events.send(new DeleteEventBusCommand({ Name: 'b' }));
    await expect(aws.events.send(new DeleteEventBusCommand({ Name: 'b' }))).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Event bus b does not exist.'),
    );
  });

  test('have names of their own, and the default one stays', async () => {
    await aws.bus('b');
    await expect(aws.bus('b')).rejects.toMatchObject(
      refused('ResourceAlreadyExistsException', 'Event bus b already exists.'),
    );
    await expect(aws.bus('default')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await expect(aws.events.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toMatchObject(
      refused('ValidationException', 'Cannot delete event bus default.'),
    );
  });

  test('are listed page by page', async () => {
    for (const name of ['a1', 'a2', 'a3']) await aws.bus(name);
    const first = await aws.events.send(new ListEventBusesCommand({ NamePrefix: 'a', Limit: 2 }));
    expect(first.EventBuses!.map(({ Name }) => Name)).toEqual(['a1', 'a2']);
    const { NextToken } = first;
    const second = await aws.events.send(new ListEventBusesCommand({ NamePrefix: 'a', Limit: 2, NextToken }));
    expect(second.EventBuses!.map(({ Name }) => Name)).toEqual(['a3']);
    expect(second.NextToken).toBeUndefined();
  });

  test('have a policy, statement by statement', async () => {
    const put = (StatementId: string, Principal: string) =>
      aws.events.send(new PutPermissionCommand({ StatementId, Principal, Action: 'events:PutEvents' }));
    const policy = async () => {
      const { Policy } = await aws.events.send(new DescribeEventBusCommand({}));
      return Policy && (JSON.parse(Policy) as unknown);
    };
    const statement = {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: `${prefix}:event-bus/default`,
    };
    await put('one', '111122223333');
    await put('all', '*');
    expect(await policy()).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'one', ...statement, Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
        { Sid: 'all', ...statement, Principal: '*' },
      ],
    });
    await aws.events.send(new RemovePermissionCommand({ StatementId: 'one' }));
    expect(await policy()).toMatchObject({ Statement: [{ Sid: 'all' }] });
    await expect(aws.events.send(new RemovePermissionCommand({ StatementId: 'one' }))).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Statement with the provided id does not exist.'),
    );
    await aws.events.send(new RemovePermissionCommand({ RemoveAllPermissions: true }));
    expect(await policy()).toBeUndefined();
    await expect(
      aws.events.send(new PutPermissionCommand({ EventBusName: 'x', Policy: '{}' })),
    ).rejects.toMatchObject(refused('ResourceNotFoundException', 'Event bus x does not exist.'));
  });
});

describe('rules', () => {
  test('have an ARN with the name of their bus, unless it is the default one', async () => {
    await aws.bus('b');
    expect(await aws.rule({ Name: 'r' })).toBe(`${prefix}:rule/r`);
    expect(await aws.rule({ Name: 'r', EventBusName: 'b' })).toBe(`${prefix}:rule/b/r`);
  });

  test('are replaced as a whole, but keep their targets and tags', async () => {
    await aws.rule({ Name: 'r', Description: 'first', Tags: [{ Key: 'k', Value: '1' }] }, { Arn: queue });
    await aws.rule({ Name: 'r', EventPattern: '{"a":[1]}', Tags: [{ Key: 'k', Value: '2' }] });
    const described = await aws.events.send(new DescribeRuleCommand({ Name: 'r' }));
    expect(described).toMatchObject({
      Name: 'r',
      Arn: `${prefix}:rule/r`,
      EventBusName: 'default',
      EventPattern: '{"a":[1]}',
      State: 'ENABLED',
      CreatedBy: '000000000000',
    });
    expect(described.Description).toBeUndefined();
    const { Targets } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: 'r' }));
    expect(Targets).toEqual([{ Id: 't0', Arn: queue }]);
    const { Tags } = await aws.events.send(
      new ListTagsForResourceCommand({ ResourceARN: `${prefix}:rule/r` }),
    );
    expect(Tags).toEqual([{ Key: 'k', Value: '1' }]);
  });

  test('a new pattern counts from then on (F20)', async () => {
    const arn = await aws.queue('q');
    await aws.rule({ Name: 'r', EventPattern: '{"detail-type":["old"]}' }, { Arn: arn });
    await aws.rule({ Name: 'r', EventPattern: '{"detail-type":["new"]}' });
    await aws.put({ DetailType: 'old' }, { DetailType: 'new' });
    const bodies = await aws.bodies(arn);
    expect(bodies.map((body) => (JSON.parse(body) as object)['detail-type' as never])).toEqual(['new']);
  });

  test('can be disabled', async () => {
    await aws.rule({ Name: 'r' });
    await aws.events.send(new DisableRuleCommand({ Name: 'r' }));
    const { Rules } = await aws.events.send(new ListRulesCommand({ NamePrefix: 'r' }));
    expect(Rules).toEqual([
      {
        Name: 'r',
        Arn: `${prefix}:rule/r`,
        EventBusName: 'default',
        EventPattern: '{"source":["shop"]}',
        State: 'DISABLED',
      },
    ]);
  });

  test('with targets cannot be deleted, and one that is unknown can', async () => {
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await expect(aws.events.send(new DeleteRuleCommand({ Name: 'r' }))).rejects.toMatchObject(
      refused('ValidationException', "Rule can't be deleted since it has targets."),
    );
    await aws.events.send(new RemoveTargetsCommand({ Rule: 'r', Ids: ['t0'] }));
    await aws.events.send(new DeleteRuleCommand({ Name: 'r' }));
    await expect(aws.events.send(new DescribeRuleCommand({ Name: 'r' }))).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Rule r does not exist on EventBus default.'),
    );
    await aws.events.send(new DeleteRuleCommand({ Name: 'r' }));
  });

  test.for<[reason: string, rule: object, message: string]>([
    [
      'neither pattern nor schedule',
      { EventPattern: '' },
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    ],
    [
      'a name with spaces',
      { Name: 'a b' },
      String.raw`1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    ],
    [
      'a schedule on another bus',
      { EventBusName: 'b', ScheduleExpression: 'rate(1 minute)' },
      'ScheduleExpression is supported only on the default event bus.',
    ],
  ])('are refused for %s', async ([, rule, message]) => {
    await aws.bus('b');
    await expect(aws.rule({ Name: 'r', ...rule })).rejects.toMatchObject(
      refused('ValidationException', message),
    );
  });

  test('on a bus that does not exist are refused', async () => {
    await expect(aws.rule({ Name: 'r', EventBusName: 'x' })).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Event bus x does not exist.'),
    );
  });

  test('may be 300 on a bus', async () => {
    const put = (i: number) =>
      aws.events.send(new PutRuleCommand({ Name: `r${i}`, EventPattern: '{"a":[1]}' }));
    for (let i = 0; i < 300; i++) await put(i);
    await put(7);
    await expect(put(300)).rejects.toMatchObject(
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
    );
  });
});

describe('targets', () => {
  const put = (...ids: string[]) =>
    aws.events.send(new PutTargetsCommand({ Rule: 'r', Targets: ids.map((Id) => ({ Id, Arn: queue })) }));

  test('are five at most, and an Id that is known is replaced', async () => {
    await aws.rule({ Name: 'r' });
    const { FailedEntryCount, FailedEntries } = await put('a', 'b', 'c', 'd', 'e');
    expect([FailedEntryCount, FailedEntries]).toEqual([0, []]);
    await put('e');
    await expect(put('f')).rejects.toMatchObject(
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
    );
  });

  test('have Ids of 64 characters at most', async () => {
    await aws.rule({ Name: 'r' });
    await expect(put('!@#$@!#$')).rejects.toMatchObject({
      message: String.raw`1 validation error detected: Value '!@#$@!#$' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    });
    await expect(put('ok', 'x'.repeat(65))).rejects.toMatchObject({
      message: `1 validation error detected: Value '${'x'.repeat(65)}' at 'targets.2.member.id' failed to satisfy constraint: Member must have length less than or equal to 64`,
    });
  });

  test('are found by their ARN', async () => {
    await aws.rule({ Name: 'b' }, { Arn: queue });
    await aws.rule({ Name: 'a' }, { Arn: queue });
    await aws.rule({ Name: 'c' }, { Arn: `${queue}2` });
    const names = (input: object) =>
      aws.events.send(new ListRuleNamesByTargetCommand({ TargetArn: queue, ...input }));
    const { RuleNames, NextToken } = await names({ Limit: 1 });
    expect([RuleNames, (await names({ NextToken })).RuleNames]).toEqual([['a'], ['b']]);
  });

  test('a FIFO queue needs a MessageGroupId', async () => {
    await expect(aws.rule({ Name: 'r' }, { Arn: `${queue}.fifo` })).rejects.toMatchObject(
      refused('ValidationException', 'Parameter(s) SqsParameters must be specified for target: t0.'),
    );
  });
});

describe('tags', () => {
  test.for(['event-bus/b', 'rule/b/r', 'event-bus/default'])('of %s', async (resource) => {
    await aws.bus('b');
    await aws.rule({ Name: 'r', EventBusName: 'b' });
    const ResourceARN = `${prefix}:${resource}`;
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await aws.events.send(new TagResourceCommand({ ResourceARN, Tags }));
    await aws.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['b', 'c'] }));
    expect((await aws.events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([Tags[0]]);
  });
});

describe('TestEventPattern', () => {
  const ask = (Event: string) =>
    aws.events.send(new TestEventPatternCommand({ EventPattern: '{"source":["shop"]}', Event }));

  test('says whether an event would match', async () => {
    expect((await ask('{"source":"shop"}')).Result).toBe(true);
    expect((await ask('{"source":"else"}')).Result).toBe(false);
  });

  test.for(['text', '[]', '"{}"'])('wants an event that is a JSON object, not %s', async (event) => {
    await expect(ask(event)).rejects.toMatchObject(
      refused('ValidationException', 'Parameter Event is not valid.'),
    );
  });
});
