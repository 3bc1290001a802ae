import {
  CancelReplayCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  StartReplayCommand,
  type ReplayState,
} from '@aws-sdk/client-eventbridge';
import type { Aws } from '../aws.ts';
import type { Replay } from './plan.ts';

export interface Replaying {
  /** New in the account: up to 64 of `A-Z a-z 0-9 . _ -`. */
  name: string;
  /** Asked between looks; then it is cancelled. */
  stopped(): boolean;
  wait(ms: number): Promise<void>;
  /** Told up to which time events were replayed, milliseconds since 1970. */
  onReached(time: number): void;
}

export interface Replayed {
  name: string;
  state: ReplayState;
  /** RFC 3339: the time of the last event that was replayed. @default none was */
  reached?: string;
  /** @default it did not fail */
  reason?: string;
}

/** Milliseconds between two looks. */
const LOOK_EVERY = 2000;

/** Replays, and resolves when that has ended, one way or another. */
export async function replay(
  aws: Aws,
  { archiveArn, busArn, from, to, rules }: Replay,
  { name, stopped, wait, onReached }: Replaying,
): Promise<Replayed> {
  const eventbridge = aws(EventBridgeClient);
  await eventbridge.send(
    new StartReplayCommand({
      ReplayName: name,
      EventSourceArn: archiveArn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: busArn, ...(rules.length > 0 && { FilterArns: rules.map(({ arn }) => arn) }) },
    }),
  );
  for (let cancelled = false; ;) {
    const { State, StateReason, EventLastReplayedTime } = await eventbridge.send(
      new DescribeReplayCommand({ ReplayName: name }),
    );
    if (EventLastReplayedTime) onReached(EventLastReplayedTime.getTime());
    if (State === 'COMPLETED' || State === 'CANCELLED' || State === 'FAILED')
      return {
        name,
        state: State,
        ...(EventLastReplayedTime && { reached: EventLastReplayedTime.toISOString() }),
        ...(State === 'FAILED' && { reason: StateReason ?? 'EventBridge does not say why' }),
      };
    if (stopped() && !cancelled) {
      cancelled = true;
      await eventbridge.send(new CancelReplayCommand({ ReplayName: name })).catch(alreadyOver);
    }
    await wait(LOOK_EVERY);
  }
}

function alreadyOver(error: Error): void {
  if (error.name !== 'IllegalStatusException') throw error;
}
