import { CloudWatchClient, paginateDescribeAlarms, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws.ts';
import type { Discovered } from '../discovery.ts';
import { letterQueues, nameOf } from '../letters/queues.ts';

/** An alarm of this pipeline that is in ALARM. */
export interface RaisedAlarm {
  /** What is wrong, and what to do first: its description. */
  runbook: string;
  name: string;
  /** RFC 3339. */
  since: string;
}

export async function alarmsOf(aws: Aws, discovered: Discovered): Promise<RaisedAlarm[]> {
  const ours = watched(discovered);
  const raised: RaisedAlarm[] = [];
  const pages = paginateDescribeAlarms({ client: aws(CloudWatchClient) }, { StateValue: 'ALARM' });
  for await (const { MetricAlarms = [] } of pages)
    for (const alarm of MetricAlarms) if (ours(alarm)) raised.push(told(alarm));
  return raised;
}

const told = ({ AlarmName = '', AlarmDescription, StateUpdatedTimestamp }: MetricAlarm): RaisedAlarm => ({
  name: AlarmName,
  runbook: AlarmDescription ?? AlarmName,
  since: StateUpdatedTimestamp?.toISOString() ?? '',
});

/** An account has alarms of others too: ours watch what the pipeline names. */
export function watched(discovered: Discovered): (alarm: MetricAlarm) => boolean {
  const { bus, relay, relaySchedule, consumers, apis } = discovered;
  const all = Object.values(consumers);
  const names = new Set([
    bus,
    relay,
    relaySchedule,
    ...letterQueues(discovered).map(({ url }) => nameOf(url)),
    ...all.flatMap(({ queueUrls }) => queueUrls.map(nameOf)),
    ...all.map((consumer) => consumer.function),
    ...Object.values(apis).flatMap((api) => [api.restApiName, api.function, ...api.views]),
  ]);
  return ({ Dimensions = [] }) => Dimensions.some(({ Value }) => names.has(Value));
}
