import type { Check } from './check.ts';

/** An alarm that only changes colour in the console is noticed when a customer calls. */
export const alarmsTellSomebody: Check = {
  name: 'alarms-tell-somebody',
  proves: 'In a stage that keeps data, every alarm has an action.',
  find: ({ template, pipelines }) => {
    if (!pipelines.some(({ keepsData }) => keepsData)) return [];
    const silent = template
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => !Properties['AlarmActions']?.length);
    if (silent.length === 0) return [];
    return [
      {
        resource: silent[0]!.id,
        at: 'Properties.AlarmActions',
        problem: `${silent.length} alarms tell nobody, this one first`,
        fix: 'Give the pipeline `alarms: { email }` or `{ topic }`: -c alarmEmail=… for the shop.',
      },
    ];
  },
};
