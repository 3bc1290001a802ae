import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { watching } from './watching.ts';

test('the state that an alarm is told stands until it is judged again within the minute', async () => {
  const aws = await watching();
  await aws.alarm({ TreatMissingData: 'notBreaching' });
  await aws.advance('90s');
  const told: unknown[] = [];
  aws.world.activity.listen((happening) => happening.kind === 'alarm' && told.push(happening));
  await aws.cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'a drill' }),
  );
  expect(await aws.state()).toBe('ALARM');
  await aws.advance('1m');
  expect(told).toMatchObject([{ state: 'ALARM' }, { state: 'OK', was: 'ALARM' }]);
  await aws.stop();
});
