import {
  CreateScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  type CreateScheduleCommandInput,
  type Target,
} from '@aws-sdk/client-scheduler';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { LocalOptions } from '../../../local/index.ts';
import { withRole } from '../iam/role.ts';
import { piping } from '../pipes/piping.ts';

/** The role of schedules, which may do everything. */
export const ROLE = 'arn:aws:iam::000000000000:role/schedules';

type Given = Partial<Omit<CreateScheduleCommandInput, 'Target'>> & { Target?: Partial<Target> };

/** An embedded AWS with what most tests of schedules begin with. Its time begins on 2030-01-01 at midnight, a Tuesday. */
export async function scheduling(options: LocalOptions = {}) {
  const aws = await piping(options);
  const scheduler = aws.client(SchedulerClient);
  await withRole(aws, {
    name: 'schedules',
    trust: { Service: 'scheduler.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const target = await aws.queue('target');

  return {
    ...aws,
    scheduler,
    /** The ARN of the queue to which a schedule sends unless it says otherwise. */
    target,
    /** A schedule called `s` for one o'clock. */
    schedule: ({ Target: given, ...rest }: Given = {}) =>
      scheduler.send(
        new CreateScheduleCommand({
          Name: 's',
          ScheduleExpression: 'at(2030-01-01T01:00:00)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: target, RoleArn: ROLE, Input: 'due', ...given },
          ...rest,
        }),
      ),
    get: (Name = 's', GroupName?: string) => scheduler.send(new GetScheduleCommand({ Name, GroupName })),
    /** When messages came into a queue, as ISO 8601 to the second. */
    async times(queue = target): Promise<string[]> {
      const messages = await aws.received(queue);
      return messages
        .map(({ Attributes }) => new Date(Number(Attributes?.SentTimestamp)).toISOString().slice(0, 19))
        .toSorted();
    },
    setQueue: (queue: string, Attributes: Record<string, string>) =>
      aws.sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: `http://127.0.0.1:4566/000000000000/${queue.split(':').at(-1)}`,
          Attributes,
        }),
      ),
  };
}
