/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and its siblings. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Alarm } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { notFound, refuseOther, STATES } from './failures.ts';
import { describeOperations } from './describe-alarms.ts';
import { putCompositeAlarm, putMetricAlarm } from './put-alarm.ts';
import type { Store } from './store.ts';
import type { Tags } from './tags.ts';

export function alarmOperations(world: World, store: Store, alarms: Alarms, tags: Tags) {
  const each = (names: string[] = [], change: (alarm: Alarm) => void) => {
    for (const name of names) {
      const alarm = alarms.find(name);
      if (alarm) change(alarm);
    }
    return {};
  };
  return {
    PutMetricAlarm: putMetricAlarm(world, store, alarms, tags),
    PutCompositeAlarm: putCompositeAlarm(world, alarms, tags),
    ...describeOperations(alarms),

    SetAlarmState(input: CloudWatch.SetAlarmStateCommandInput) {
      const { AlarmName = '', StateValue, StateReason = '', StateReasonData } = input;
      refuseOther('stateValue', StateValue, STATES);
      const alarm = alarms.find(AlarmName);
      if (!alarm) throw notFound();
      alarms.say(alarm, { state: StateValue!, reason: StateReason }, StateReasonData);
      return {} satisfies Answer<CloudWatch.SetAlarmStateCommandOutput>;
    },

    EnableAlarmActions: ({ AlarmNames }: CloudWatch.EnableAlarmActionsCommandInput) =>
      each(AlarmNames, (alarm) => void (alarm.actionsEnabled = true)),

    DisableAlarmActions: ({ AlarmNames }: CloudWatch.DisableAlarmActionsCommandInput) =>
      each(AlarmNames, (alarm) => void (alarm.actionsEnabled = false)),

    DeleteAlarms: ({ AlarmNames }: CloudWatch.DeleteAlarmsCommandInput) =>
      each(AlarmNames, (alarm) => {
        alarms.remove(alarm);
        tags.forget(alarm.arn);
      }),
  };
}
