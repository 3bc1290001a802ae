import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalidParameter, invalidValue } from './errors.ts';
import { FASTEST, isActive, run, type MoveTask } from './move-task.ts';
import type { Queue } from './queue.ts';
import { redriveOf } from './redrive.ts';
import type { Queues } from './registry.ts';

/** StartMessageMoveTask, CancelMessageMoveTask and ListMessageMoveTasks: dead letters go back, at a measured pace. */
export function moving(queues: Queues, world: World) {
  const { clock, random } = world;
  /** By source queue, the newest first. */
  const tasks = new Map<string, MoveTask[]>();
  keep(tasks, queues, world);
  const of = (source: string) => tasks.get(source) ?? [];

  return {
    StartMessageMoveTask(input: SQS.StartMessageMoveTaskCommandInput) {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate } = input;
      const source = queueOf(queues, 'SourceArn', SourceArn);
      if (!queues.all().some((queue) => redriveOf(queue)?.deadLetterTargetArn === source.arn))
        throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
      if (DestinationArn !== undefined) checkDestination(queues, DestinationArn, source);
      if (rate !== undefined && (rate < 1 || rate > FASTEST))
        throw invalidValue(
          rate,
          'MaxNumberOfMessagesPerSecond',
          `Must be between 1 and ${FASTEST}, if provided.`,
        );
      const [last] = of(source.arn);
      if (last && isActive(last))
        throw invalidParameter(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      source.expire();
      const task: MoveTask = {
        id: random.uuid(),
        source: source.arn,
        destination: DestinationArn,
        rate,
        started: clock.now(),
        status: 'RUNNING',
        moved: 0,
        toMove: source.counts.visible,
      };
      tasks.set(source.arn, [task, ...of(source.arn)].slice(0, MOST_LISTED));
      run(task, queues, world);
      return { TaskHandle: handleOf(task) } satisfies Answer<SQS.StartMessageMoveTaskCommandOutput>;
    },

    CancelMessageMoveTask({ TaskHandle }: SQS.CancelMessageMoveTaskCommandInput) {
      const { id, source } = readHandle(TaskHandle);
      queueOf(queues, 'SourceArn', source);
      const task = of(source).find((task) => task.id === id && task.status === 'RUNNING');
      if (!task) throw notFound('Task does not exist.');
      task.status = 'CANCELLING';
      return {
        ApproximateNumberOfMessagesMoved: task.moved,
      } satisfies Answer<SQS.CancelMessageMoveTaskCommandOutput>;
    },

    ListMessageMoveTasks({ SourceArn, MaxResults = 1 }: SQS.ListMessageMoveTasksCommandInput) {
      const { arn } = queueOf(queues, 'SourceArn', SourceArn);
      if (MaxResults < 1 || MaxResults > MOST_LISTED)
        throw invalidValue(MaxResults, 'MaxResults', `Must be between 1 and ${MOST_LISTED}, if provided.`);
      return {
        Results: of(arn).slice(0, MaxResults).map(listed),
      } satisfies Answer<SQS.ListMessageMoveTasksCommandOutput>;
    },
  };
}

function keep(tasks: Map<string, MoveTask[]>, queues: Queues, world: World): void {
  world.durable?.map('sqs/moves', tasks);
  world.durable?.onceStarted(() => {
    for (const task of [...tasks.values()].flat()) if (isActive(task)) run(task, queues, world);
  });
}

/** How many of a queue's tasks can be listed. */
const MOST_LISTED = 10;

function checkDestination(queues: Queues, arn: string, source: Queue): void {
  if (queueOf(queues, 'DestinationArn', arn).fifo !== source.fifo)
    throw invalidValue(arn, 'DestinationArn', 'Source and destination must be of the same type.');
}

const listed = (task: MoveTask): SQS.ListMessageMoveTasksResultEntry => ({
  ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
  Status: task.status,
  SourceArn: task.source,
  DestinationArn: task.destination,
  MaxNumberOfMessagesPerSecond: task.rate,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failure,
  StartedTimestamp: task.started,
});

const handleOf = ({ id, source }: Pick<MoveTask, 'id' | 'source'>): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString('base64');

function readHandle(handle = ''): Pick<MoveTask, 'id' | 'source'> {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString()) as Record<
      string,
      unknown
    >;
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { id: taskId, source: sourceArn };
  } catch {
    // what is no JSON is no handle either
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}

function queueOf(queues: Queues, parameter: 'SourceArn' | 'DestinationArn', arn = ''): Queue {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    );
  const queue = queues.of(arn);
  if (!queue) throw notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  return queue;
}

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);
