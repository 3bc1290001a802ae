import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListArchivesCommand,
  ListReplaysCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
  type StartReplayCommandInput,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => void (aws = await eventing()));
afterEach(() => aws.stop());

const prefix = 'arn:aws:events:eu-west-1:000000000000';
const bus = `${prefix}:event-bus/default`;
const start = new Date(Date.UTC(2030, 0, 1));
const minutes = (n: number) => new Date(start.getTime() + n * 60_000);
const archive = (input: object = {}) =>
  aws.events.send(new CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn: bus, ...input }));
const described = () => aws.events.send(new DescribeArchiveCommand({ ArchiveName: 'a' }));
const replay = (input: Partial<StartReplayCommandInput> = {}) =>
  aws.events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: `${prefix}:archive/a`,
      EventStartTime: start,
      EventEndTime: minutes(60),
      Destination: { Arn: bus },
      ...input,
    }),
  );
const state = async (ReplayName = 'again') =>
  (await aws.events.send(new DescribeReplayCommand({ ReplayName }))).State;
const refused = (name: string, message: string) => ({ name, message });

describe('an archive', () => {
  test('is created, described, listed, updated and deleted', async () => {
    expect(await archive({ RetentionDays: 1, Description: 'd' })).toMatchObject({
      ArchiveArn: `${prefix}:archive/a`,
      CreationTime: start,
      State: 'ENABLED',
    });
    const listed = {
      ArchiveName: 'a',
      EventSourceArn: bus,
      State: 'ENABLED',
      RetentionDays: 1,
      EventCount: 0,
      SizeBytes: 0,
      CreationTime: start,
    };
    expect((await aws.events.send(new ListArchivesCommand({}))).Archives).toEqual([listed]);
    await aws.events.send(new UpdateArchiveCommand({ ArchiveName: 'a', EventPattern: '{"a":[1]}' }));
    expect(await described()).toMatchObject({
      ...listed,
      ArchiveArn: `${prefix}:archive/a`,
      Description: 'd',
      EventPattern: '{"a":[1]}',
    });
    await aws.events.send(new DeleteArchiveCommand({ ArchiveName: 'a' }));
    await expect(described()).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Archive a does not exist.'),
    );
  });

  test('keeps what matches its pattern', async () => {
    await archive({ EventPattern: '{"detail-type":["kept"]}' });
    await aws.put({ DetailType: 'kept' }, { DetailType: 'other' }, { DetailType: 'kept' });
    expect((await described()).EventCount).toBe(2);
  });

  test('forgets after its retention (F34)', async () => {
    await archive({ RetentionDays: 2 });
    await aws.put({});
    await aws.advance('1d');
    await aws.put({});
    await aws.advance('30h');
    expect((await described()).EventCount).toBe(1);
  });

  test('is refused where AWS refuses it', async () => {
    await archive();
    await expect(archive()).rejects.toMatchObject(
      refused('ResourceAlreadyExistsException', 'Archive a already exists.'),
    );
    await expect(archive({ EventSourceArn: `${prefix}:event-bus/x` })).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Event bus x does not exist.'),
    );
    await expect(aws.events.send(new UpdateArchiveCommand({ ArchiveName: 'unknown' }))).rejects.toMatchObject(
      refused(
        'ValidationException',
        'At least one of EventPattern, RetentionDays or Description must be provided.',
      ),
    );
    await expect(
      aws.events.send(new ListArchivesCommand({ EventSourceArn: `${prefix}:event-bus/x` })),
    ).rejects.toMatchObject(refused('ResourceNotFoundException', 'Event bus x does not exist.'));
    expect((await aws.events.send(new ListArchivesCommand({ NamePrefix: 'x' }))).Archives).toEqual([]);
  });
});

describe('a replay', () => {
  test('sends the events once more, marked with its name, minute by minute (F53)', async () => {
    const queue = await aws.queue('q');
    await archive();
    await aws.put({ Detail: '{"n":3}', Time: minutes(3) }, { Detail: '{"n":1}', Time: minutes(1) });
    await aws.rule({ Name: 'r' }, { Arn: queue });
    expect(await replay()).toMatchObject({
      ReplayArn: `${prefix}:replay/again`,
      State: 'STARTING',
      ReplayStartTime: start,
    });
    await aws.advance('1s');
    expect(await state()).toBe('RUNNING');
    await aws.advance('1m');
    const bodies = await aws.bodies(queue);
    expect(bodies.map((body) => body.replace(/"id":"[^"]*"/, '"id":""'))).toEqual([
      '{"version":"0","id":"","detail-type":"t","source":"shop","account":"000000000000","time":"2030-01-01T00:01:00Z","region":"eu-west-1","replay-name":"again","resources":[],"detail":{"n":1}}',
      '{"version":"0","id":"","detail-type":"t","source":"shop","account":"000000000000","time":"2030-01-01T00:03:00Z","region":"eu-west-1","replay-name":"again","resources":[],"detail":{"n":3}}',
    ]);
    expect(await aws.events.send(new DescribeReplayCommand({ ReplayName: 'again' }))).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: minutes(3),
      Destination: { Arn: bus },
      ReplayEndTime: new Date(start.getTime() + 3000),
    });
    expect((await described()).EventCount).toBe(2);
  });

  test('takes only events whose time lies within its window', async () => {
    const queue = await aws.queue('q');
    await archive();
    await aws.put({ Time: minutes(1) }, { Time: minutes(2) }, { Time: minutes(3) });
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await replay({ EventStartTime: minutes(2), EventEndTime: new Date(minutes(3).getTime() - 1000) });
    await aws.advance('1m');
    expect(await aws.bodies(queue)).toHaveLength(1);
  });

  test('goes only to the rules that FilterArns name', async () => {
    const [one, two] = [await aws.queue('one'), await aws.queue('two')];
    await archive();
    await aws.put({});
    const FilterArns = [await aws.rule({ Name: 'one' }, { Arn: one })];
    await aws.rule({ Name: 'two' }, { Arn: two });
    await replay({ Destination: { Arn: bus, FilterArns } });
    await aws.advance('1m');
    expect([await aws.bodies(one), await aws.bodies(two)]).toEqual([[expect.any(String)], []]);
  });

  test('can be cancelled', async () => {
    const queue = await aws.queue('q');
    await archive();
    await aws.put(...[1, 2, 3].map((n) => ({ Time: minutes(n) })));
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await replay();
    await aws.advance('1s');
    const { State } = await aws.events.send(new CancelReplayCommand({ ReplayName: 'again' }));
    expect(State).toBe('CANCELLING');
    await aws.advance('1m');
    expect(await state()).toBe('CANCELLED');
    expect(await aws.bodies(queue)).toHaveLength(1);
    await expect(aws.events.send(new CancelReplayCommand({ ReplayName: 'again' }))).rejects.toMatchObject({
      name: 'IllegalStatusException',
    });
  });

  test('ten run at most, and their names stay taken', async () => {
    await archive();
    for (let i = 0; i < 10; i++) await replay({ ReplayName: `r${i}` });
    await expect(replay({ ReplayName: 'r10' })).rejects.toMatchObject(
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
    );
    await aws.advance('1m');
    await expect(replay({ ReplayName: 'r0' })).rejects.toMatchObject(
      refused('ResourceAlreadyExistsException', 'Replay r0 already exists.'),
    );
    await replay({ ReplayName: 'r10' });
    const listed = await aws.events.send(new ListReplaysCommand({ State: 'COMPLETED' }));
    expect(listed.Replays).toHaveLength(10);
  });

  test('is refused where AWS refuses it', async () => {
    await aws.bus('other');
    await archive();
    const invalid = (message: string) => refused('ValidationException', message);
    await expect(replay({ EventSourceArn: `${prefix}:archive/x` })).rejects.toMatchObject(
      invalid('Parameter EventSourceArn is not valid. Reason: Archive x does not exist.'),
    );
    await expect(replay({ Destination: { Arn: `${prefix}:event-bus/x` } })).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Event bus x does not exist.'),
    );
    await expect(replay({ Destination: { Arn: `${prefix}:event-bus/other` } })).rejects.toMatchObject(
      invalid('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.'),
    );
    await expect(replay({ EventEndTime: start })).rejects.toMatchObject(
      invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.'),
    );
    await expect(state('x')).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Replay x does not exist.'),
    );
  });
});
