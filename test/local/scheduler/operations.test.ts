import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROLE, scheduling } from './scheduling.ts';

let aws: Awaited<ReturnType<typeof scheduling>>;
beforeAll(async () => {
  aws = await scheduling();
});
beforeEach(async () => {
  const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  for (const { Name, GroupName } of Schedules)
    await aws.scheduler.send(new DeleteScheduleCommand({ Name, GroupName }));
});
afterAll(() => aws.stop());

const group = (Name: string, more: object = {}) =>
  aws.scheduler.send(new CreateScheduleGroupCommand({ Name, ...more }));
const prefix = 'arn:aws:scheduler:eu-west-1:000000000000';

describe('schedules', () => {
  test('are described as they were made, with what AWS adds', async () => {
    const made = await aws.schedule({ Description: 'd', ClientToken: 't' });
    expect(made.ScheduleArn).toBe(`${prefix}:schedule/default/s`);
    const { CreationDate, LastModificationDate, $metadata: _, ...described } = await aws.get();
    expect(described).toEqual({
      Arn: made.ScheduleArn,
      Name: 's',
      GroupName: 'default',
      Description: 'd',
      ScheduleExpression: 'at(2030-01-01T01:00:00)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: aws.target,
        RoleArn: ROLE,
        Input: 'due',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect([CreationDate, LastModificationDate]).toEqual([new Date('2030-01-01'), new Date('2030-01-01')]);
  });

  test('are replaced by an update: what it leaves out is gone', async () => {
    await aws.schedule({
      Description: 'd',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'DISABLED',
      Target: { RetryPolicy: { MaximumRetryAttempts: 1 } },
    });
    await aws.scheduler.send(
      new UpdateScheduleCommand({
        Name: 's',
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: aws.target, RoleArn: ROLE },
      }),
    );
    const changed = await aws.get();
    expect(changed).toMatchObject({ State: 'ENABLED', ScheduleExpressionTimezone: 'UTC' });
    expect(changed.Target?.RetryPolicy).toMatchObject({ MaximumRetryAttempts: 185 });
    expect([changed.Description, changed.Target?.Input]).toEqual([undefined, undefined]);
  });

  test('are made and deleted once for one client token, and conflict otherwise', async () => {
    const made = await aws.schedule({ ClientToken: 'one' });
    expect((await aws.schedule({ ClientToken: 'one' })).ScheduleArn).toBe(made.ScheduleArn);
    for (const again of [{ ClientToken: 'one', Description: 'other' }, { ClientToken: 'two' }])
      await expect(aws.schedule(again)).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Schedule s already exists.',
        $metadata: { httpStatusCode: 409 },
      });
    const deletion = new DeleteScheduleCommand({ Name: 's', ClientToken: 'three' });
    await aws.scheduler.send(deletion);
    await aws.schedule({ ClientToken: 'one' });
    await aws.scheduler.send(deletion);
    await aws.scheduler.send(deletion);
    await expect(aws.scheduler.send(new DeleteScheduleCommand({ Name: 's' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule s does not exist.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('are listed by group, prefix and state, page by page', async () => {
    await group('listed');
    for (const Name of ['a1', 'a2', 'b']) await aws.schedule({ Name });
    await aws.schedule({ Name: 'a3', GroupName: 'listed', State: 'DISABLED' });
    const listed = async (input: object) => {
      const { Schedules = [], NextToken } = await aws.scheduler.send(new ListSchedulesCommand(input));
      return [...Schedules.map(({ GroupName, Name }) => `${GroupName}/${Name}`), ...(NextToken ? ['…'] : [])];
    };
    expect(await listed({ NamePrefix: 'a' })).toEqual(['default/a1', 'default/a2', 'listed/a3']);
    expect(await listed({ GroupName: 'listed' })).toEqual(['listed/a3']);
    expect(await listed({ State: 'DISABLED' })).toEqual(['listed/a3']);
    expect(await listed({ MaxResults: 3 })).toEqual(['default/a1', 'default/a2', 'default/b', '…']);
    const { NextToken } = await aws.scheduler.send(new ListSchedulesCommand({ MaxResults: 3 }));
    expect(await listed({ MaxResults: 3, NextToken })).toEqual(['listed/a3']);
    const [first] = (await aws.scheduler.send(new ListSchedulesCommand({}))).Schedules!;
    expect(first!.Target).toEqual({ Arn: aws.target });
  });
});

describe('groups', () => {
  test('are made, described with their tags, and deleted with their schedules', async () => {
    const { ScheduleGroupArn: ResourceArn } = await group('g', { Tags: [{ Key: 'a', Value: '1' }] });
    expect(ResourceArn).toBe(`${prefix}:schedule-group/g`);
    expect(await aws.scheduler.send(new GetScheduleGroupCommand({ Name: 'g' }))).toMatchObject({
      Arn: ResourceArn,
      State: 'ACTIVE',
      CreationDate: new Date('2030-01-01'),
    });
    await aws.scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }));
    await aws.scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
    const { Tags } = await aws.scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);

    await aws.schedule({ GroupName: 'g', ScheduleExpression: 'rate(1 minute)' });
    await aws.scheduler.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
    await aws.advance('1h');
    expect(await aws.times()).toEqual([]);
    await expect(aws.get('s', 'g')).rejects.toThrow('Schedule group g does not exist.');
  });

  test('have the default one among them, which always stays', async () => {
    const { ScheduleGroups = [] } = await aws.scheduler.send(
      new ListScheduleGroupsCommand({ NamePrefix: 'default' }),
    );
    expect(ScheduleGroups).toEqual([
      { Arn: `${prefix}:schedule-group/default`, Name: 'default', State: 'ACTIVE' },
    ]);
    const refused = 'This operation cannot be performed on schedule group default.';
    await expect(aws.scheduler.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toThrow(
      refused,
    );
    await expect(group('default')).rejects.toThrow(refused);
  });

  test('alone have tags', async () => {
    await expect(
      aws.scheduler.send(new ListTagsForResourceCommand({ ResourceArn: `${prefix}:schedule/default/s` })),
    ).rejects.toThrow(/at 'resourceArn' failed to satisfy constraint/);
  });
});
