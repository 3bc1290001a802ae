import type { Check } from './check.ts';
import { deadLetterQueuesOf } from './connections.ts';

/** A dead letter that nobody is told about is as good as lost after 14 days. */
export const failuresRaiseAlarms: Check = {
  name: 'failures-raise-alarms',
  proves: 'Every dead-letter queue raises an alarm.',
  find: ({ template }) => {
    const watched = template
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties['MetricName'] === 'ApproximateNumberOfMessagesVisible')
      .flatMap(({ Properties }) =>
        (Properties['Dimensions'] ?? []).map(({ Value }: { Value: unknown }) => template.referred(Value)),
      );
    return deadLetterQueuesOf(template)
      .filter((queue) => !watched.includes(queue))
      .map(({ id }) => ({
        resource: id,
        at: 'Properties',
        problem: 'it is a dead-letter queue without an alarm',
        fix: 'Alarm on its ApproximateNumberOfMessagesVisible.',
      }));
  },
};
