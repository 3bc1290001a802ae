/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html and its siblings. */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Archives } from './archive.ts';
import { refuseSeveral } from './archive-operations.ts';
import { alreadyExists, inOrder, invalid, limitExceeded, notFound, type Buses } from './bus.ts';
import { check, page, RULE_NAME } from './constraints.ts';
import type { Replay } from './replay.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_ACTIVE = 10;

const ACTIVE: readonly EventBridge.ReplayState[] = ['STARTING', 'RUNNING', 'CANCELLING'];

/** `start` runs a replay. */
export function replayOperations(
  world: World,
  buses: Buses,
  archives: Archives,
  start: (replay: Replay) => void,
) {
  const byName = new Map<string, Replay>();
  world.durable?.map('events/replays', byName);
  world.durable?.onceStarted(() => {
    for (const replay of byName.values()) if (ACTIVE.includes(replay.state)) start(replay);
  });
  const at = (name = ''): Replay => {
    const replay = byName.get(name);
    if (!replay) throw notFound(`Replay ${name} does not exist.`);
    return replay;
  };

  return {
    StartReplay(input: EventBridge.StartReplayCommandInput) {
      const replay = newReplay(world, input);
      if (byName.has(replay.name)) throw alreadyExists(`Replay ${replay.name} already exists.`);
      refuseElsewhere(buses, archives, replay);
      if ([...byName.values()].filter(({ state }) => ACTIVE.includes(state)).length >= MOST_ACTIVE)
        throw limitExceeded();
      byName.set(replay.name, replay);
      start(replay);
      return {
        ReplayArn: replay.arn,
        State: 'STARTING',
        ReplayStartTime: new Date(replay.started),
      } satisfies Answer<EventBridge.StartReplayCommandOutput>;
    },

    CancelReplay({ ReplayName }: EventBridge.CancelReplayCommandInput) {
      const replay = at(ReplayName);
      if (replay.state !== 'STARTING' && replay.state !== 'RUNNING')
        throw new AwsError(
          'IllegalStatusException',
          `Replay ${replay.name} is not in a valid state for this operation.`,
        );
      replay.state = 'CANCELLING';
      return {
        ReplayArn: replay.arn,
        State: 'CANCELLING',
      } satisfies Answer<EventBridge.CancelReplayCommandOutput>;
    },

    ...listings(byName, at),
  };
}

function listings(byName: Map<string, Replay>, at: (name: string | undefined) => Replay) {
  return {
    DescribeReplay({ ReplayName }: EventBridge.DescribeReplayCommandInput) {
      const replay = at(ReplayName);
      return {
        ...listed(replay),
        ReplayArn: replay.arn,
        Destination: replay.destination,
        ...(replay.description === undefined ? {} : { Description: replay.description }),
      } satisfies Answer<EventBridge.DescribeReplayCommandOutput>;
    },

    ListReplays({ NamePrefix, EventSourceArn, State, ...rest }: EventBridge.ListReplaysCommandInput) {
      refuseSeveral('ListReplays', [NamePrefix, EventSourceArn, State]);
      const found = inOrder(byName.values()).filter(
        ({ name, archiveArn, state }) =>
          name.startsWith(NamePrefix ?? '') &&
          (EventSourceArn === undefined || archiveArn === EventSourceArn) &&
          (State === undefined || state === State),
      );
      const { items, next } = page(found, rest);
      return { Replays: items.map(listed), ...next } satisfies Answer<EventBridge.ListReplaysCommandOutput>;
    },
  };
}

function newReplay({ clock, region, account }: World, input: EventBridge.StartReplayCommandInput): Replay {
  const {
    ReplayName = '',
    EventSourceArn = '',
    EventStartTime,
    EventEndTime,
    Destination,
    Description,
  } = input;
  check(
    { at: 'replayName', value: ReplayName, ...RULE_NAME },
    { at: 'description', value: Description, longest: 512 },
  );
  const [from, to] = [EventStartTime?.getTime() ?? 0, EventEndTime?.getTime() ?? 0];
  if (to <= from)
    throw invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.');
  return {
    name: ReplayName,
    arn: `arn:aws:events:${region}:${account}:replay/${ReplayName}`,
    archiveArn: EventSourceArn,
    destination: Destination ?? { Arn: undefined },
    description: Description,
    from,
    to,
    state: 'STARTING',
    started: clock.now(),
    ended: undefined,
    reached: undefined,
  };
}

function refuseElsewhere(buses: Buses, archives: Archives, { archiveArn, destination }: Replay) {
  const bus = buses.at(destination.Arn);
  const archive = archives.withArn(archiveArn);
  if (!archive)
    throw invalid(
      `Parameter EventSourceArn is not valid. Reason: Archive ${archiveArn.replace(/^.*:archive\//, '')} does not exist.`,
    );
  if (archive.busArn !== bus.arn)
    throw invalid('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.');
}

const listed = ({
  name,
  archiveArn,
  state,
  from,
  to,
  reached,
  started,
  ended,
}: Replay): EventBridge.Replay => ({
  ReplayName: name,
  EventSourceArn: archiveArn,
  State: state,
  EventStartTime: new Date(from),
  EventEndTime: new Date(to),
  ...(reached === undefined ? {} : { EventLastReplayedTime: new Date(reached) }),
  ReplayStartTime: new Date(started),
  ...(ended === undefined ? {} : { ReplayEndTime: new Date(ended) }),
});
