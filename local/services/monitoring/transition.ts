/** An alarm enters a state: its history, its actions, and the event that says so. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import type { Alarm, Verdict } from './alarm.ts';
import { eventOf, messageOf, subjectOf } from './notice.ts';

const MOST_HISTORY = 100;

export function transitions(world: World): (alarm: Alarm, verdict: Verdict, reasonData?: string) => void {
  const { clock, activity, account } = world;
  const act = async (alarm: Alarm, action: string, before: Alarm) => {
    const notice = { Subject: subjectOf(world, alarm), Message: messageOf(world, alarm, before) };
    try {
      const cloudwatch = servicePrincipal(account, 'cloudwatch.amazonaws.com', alarm.arn);
      await world.call(cloudwatch, 'sns', 'Publish', { TopicArn: action, ...notice });
      note(alarm, clock.now(), 'Action', `Successfully executed action ${action}`);
    } catch (error) {
      note(alarm, clock.now(), 'Action', `Failed to execute action ${action}. ${(error as Error).message}`);
    }
  };

  /** Events of AWS's own services reach the default bus without anybody's permission. */
  const announce = async (alarm: Alarm, before: Alarm) => {
    const bus = servicePrincipal(account, 'events.amazonaws.com', alarm.arn);
    try {
      await world.call(bus, 'events', 'PutEvents', { Entries: [eventOf(alarm, before)] });
    } catch {
      // Only a fault refuses it, and then nobody hears of the change: the alarm is in its new state all the same.
    }
  };

  return (alarm, { state, reason }, reasonData) => {
    const before = { ...alarm };
    Object.assign(alarm, { state, reason, reasonData, updated: clock.now() });
    world.durable?.changed('monitoring');
    if (state === before.state) return;
    alarm.transitioned = clock.now();
    const data = {
      version: '1.0',
      oldState: { stateValue: before.state, stateReason: before.reason },
      newState: { stateValue: state, stateReason: reason },
    };
    note(alarm, clock.now(), 'StateUpdate', `Alarm updated from ${before.state} to ${state}`, data);
    activity.tell({ kind: 'alarm', alarm: alarm.name, state, was: before.state, reason });
    void announce(alarm, before);
    if (!alarm.actionsEnabled) return;
    for (const action of actionsFor(alarm, state)) void act(alarm, action, before);
  };
}

export function note(
  alarm: Alarm,
  now: number,
  type: CloudWatch.HistoryItemType,
  summary: string,
  data: object = {},
): void {
  alarm.history.unshift({
    AlarmName: alarm.name,
    AlarmType: alarm.kind,
    Timestamp: new Date(now),
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: JSON.stringify(data),
  });
  alarm.history.length = Math.min(alarm.history.length, MOST_HISTORY);
}

function actionsFor({ given }: Alarm, state: CloudWatch.StateValue): string[] {
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = given;
  return { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[state];
}
