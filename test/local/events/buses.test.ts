import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  ListEventBusesCommand,
  ListTagsForResourceCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
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

  test('stay as long as they have rules', async () => {
    await aws.bus('b');
    await aws.rule({ Name: 'r', EventBusName: 'b', EventPattern: '{"source":["s"]}' });
    const deletion = () => aws.events.send(new DeleteEventBusCommand({ Name: 'b' }));
    await expect(deletion()).rejects.toMatchObject(
      refused('ValidationException', "EventBus can't be deleted since it has rules."),
    );
    await aws.events.send(new DeleteRuleCommand({ Name: 'r', EventBusName: 'b' }));
    await deletion();
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
