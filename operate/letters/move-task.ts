import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type ListMessageMoveTasksResultEntry,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { OperateError } from '../errors.ts';
import { nameOf } from './queues.ts';
import type { Moved, Moving, Transfer } from './transfer.ts';

/** Milliseconds between two looks at a task of SQS. */
const LOOK_EVERY = 1000;

/**
 * Has SQS move a whole queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export async function moveAll(
  aws: Aws,
  { queue, letters, behind }: Transfer,
  { rate, stopped, wait, onMoved }: Moving,
): Promise<Moved> {
  const sqs = aws(SQSClient);
  const SourceArn = await arnOf(aws, queue.url);
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn,
      DestinationArn: await arnOf(aws, queue.backTo), // what a consumer put there itself has no other
      ...(rate !== undefined && { MaxNumberOfMessagesPerSecond: rate }),
    }),
  );
  let cancelled = false;
  for (;;) {
    await wait(LOOK_EVERY);
    const task = await latest(aws, SourceArn);
    const { Status, ApproximateNumberOfMessagesMoved: moved = 0, FailureReason } = task!;
    onMoved(moved);
    if (Status !== 'RUNNING' && Status !== 'CANCELLING')
      return {
        moved,
        folded: 0,
        left: Math.max(0, letters.length + behind - moved),
        failures: Status === 'FAILED' ? [`${queue.owner}: SQS could not go on: ${FailureReason}`] : [],
      };
    if (stopped() && !cancelled) {
      cancelled = true;
      await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })).catch(alreadyOver);
    }
  }
}

/** Throws MOVE_RUNNING where SQS moves a queue already, with how far it is. */
export async function refuseSecond(aws: Aws, queueUrl: string): Promise<void> {
  const task = await latest(aws, await arnOf(aws, queueUrl));
  if (task?.Status !== 'RUNNING' && task?.Status !== 'CANCELLING') return;
  const { ApproximateNumberOfMessagesMoved: moved = 0, ApproximateNumberOfMessagesToMove: all } = task;
  throw new OperateError(
    'MOVE_RUNNING',
    `SQS is moving ${nameOf(queueUrl)} already, ${moved} of ${all ?? 'many'} letters so far`,
  );
}

async function latest(aws: Aws, SourceArn: string): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const { Results = [] } = await aws(SQSClient).send(new ListMessageMoveTasksCommand({ SourceArn }));
  return Results[0];
}

function alreadyOver(error: Error): void {
  if (error.name !== 'ResourceNotFoundException') throw error;
}

async function arnOf(aws: Aws, QueueUrl: string): Promise<string> {
  const { Attributes } = await aws(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return Attributes!['QueueArn']!;
}
