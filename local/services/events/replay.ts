/** Archived events sent once more. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { World } from '../../world.ts';
import type { Archives } from './archive.ts';
import type { Bus, Buses } from './bus.ts';
import type { Envelope } from './event.ts';
import { slicesOf } from './replayed.ts';
import type { Settings } from './settings.ts';

export interface Replay {
  name: string;
  arn: string;
  archiveArn: string;
  destination: EventBridge.ReplayDestination;
  description: string | undefined;
  from: number;
  to: number;
  state: EventBridge.ReplayState;
  started: number;
  ended: number | undefined;
  /** Time of the event that was sent last. */
  reached: number | undefined;
}

/** Sends the events minute by minute, oldest first; `route` delivers one to the rules of `only`, or to all when there are none. */
export function replays(
  { clock, random, durable }: World,
  buses: Buses,
  archives: Archives,
  settings: Settings,
  route: (bus: Bus, event: Envelope, only: readonly string[]) => void,
) {
  const end = (replay: Replay, state: EventBridge.ReplayState) => {
    replay.state = state;
    replay.ended = clock.now();
    durable?.changed('events');
  };
  const step = (replay: Replay, slices: ReturnType<typeof slicesOf>) => {
    if (replay.state === 'CANCELLING') return end(replay, 'CANCELLED');
    const slice = slices.next();
    if (slice.done) return end(replay, 'COMPLETED');
    const bus = buses.find(replay.destination.Arn);
    for (const event of slice.value) {
      if (bus) route(bus, event, replay.destination.FilterArns ?? []);
      replay.reached = Math.max(replay.reached ?? 0, event.time);
    }
    durable?.changed('events');
    clock.after(settings.replayPace, () => step(replay, slices));
  };
  return (replay: Replay) => {
    clock.after(settings.replayPace, () => {
      const archive = archives.withArn(replay.archiveArn);
      const events = archive?.events.between(nextOf(replay), replay.to, archive.retentionDays) ?? [];
      if (replay.state === 'STARTING') replay.state = 'RUNNING';
      const now = clock.now;
      step(replay, slicesOf(events, { name: replay.name, random, now, keepsId: settings.replayKeepsId }));
    });
  };
}

/** Minutes are sent whole: one that is taken up again goes on with the minute after the last. */
const nextOf = ({ from, reached }: Replay): number =>
  reached === undefined ? from : Math.max(from, (Math.floor(reached / 60_000) + 1) * 60_000);
