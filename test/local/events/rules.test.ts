import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => void (aws = await eventing()));
afterEach(() => aws.stop());

const prefix = 'arn:aws:events:eu-west-1:000000000000';
const queue = 'arn:aws:sqs:eu-west-1:000000000000:q';
const refused = (name: string, message: string) => ({ name, message });

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
    await aws.put({ DetailType: 'new' });
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

  test('have patterns of at most 2,048 characters, as a new account may', async () => {
    const patternOf = (length: number) => `{"a":["${'x'.repeat(length - '{"a":[""]}'.length)}"]}`;
    await aws.rule({ Name: 'r', EventPattern: patternOf(2048) });
    await expect(aws.rule({ Name: 's', EventPattern: patternOf(2049) })).rejects.toMatchObject(
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
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
