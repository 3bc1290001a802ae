import type { World } from '../../world.ts';
import type { Letter, Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** Dead letters on their way back. */
export interface MoveTask {
  id: string;
  source: string;
  /** ARN. @default each message goes back to where it came from */
  destination: string | undefined;
  /** Messages a second, 1 to 500. @default as fast as it goes, which is 500 */
  rate: number | undefined;
  /** Milliseconds since 1970. */
  started: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  /** @default it did not fail */
  failure?: string;
}

export const isActive = ({ status }: MoveTask): boolean => status === 'RUNNING' || status === 'CANCELLING';

/** Messages a second, at most and unless told otherwise. */
export const FASTEST = 500;
/** Fast tasks move several messages at once, this often. */
const STEPS_A_SECOND = 50;

/** Moves messages at the task's pace until none is left. */
export function run(task: MoveTask, queues: Queues, world: World): void {
  const perSecond = task.rate ?? FASTEST;
  const atOnce = Math.max(1, Math.floor(perSecond / STEPS_A_SECOND));
  const later = () => world.clock.after((atOnce * 1000) / perSecond, step);
  const step = () => {
    move(task, atOnce, queues, world);
    world.durable?.changed('sqs');
    if (isActive(task)) later();
  };
  later();
}

/** One step of a task. A cancelled one moves on for that long. */
function move(task: MoveTask, count: number, queues: Queues, world: World): void {
  const source = queues.of(task.source);
  if (!source) return fail(task, NO_QUEUE);
  source.expire();
  const destinations = new Set<Queue>();
  for (const message of source.deliverable()) {
    const arn = task.destination ?? message.deadLetterSource;
    const destination = arn === undefined ? undefined : queues.of(arn);
    if (!destination) {
      fail(task, arn === undefined ? 'CouldNotDetermineMessageSource' : NO_QUEUE);
      break;
    }
    source.remove(message);
    destination.put(renewed(message, queues, world));
    destinations.add(destination);
    task.moved++;
    if (--count === 0) break;
  }
  for (const destination of destinations) destination.wake();
  if (task.status === 'CANCELLING') task.status = 'CANCELLED';
  else if (task.status === 'RUNNING' && !source.ready()) task.status = 'COMPLETED';
}

const NO_QUEUE = 'AWS.SimpleQueueService.NonExistentQueue';

function fail(task: MoveTask, failure: string): void {
  task.status = 'FAILED';
  task.failure = failure;
}

/** A redriven message is a new one with the old content. */
const renewed = (message: Message, queues: Queues, { clock, random }: World): Letter => ({
  ...message,
  id: random.uuid(),
  sent: clock.now(),
  receives: 0,
  firstReceived: undefined,
  deadLetterSource: undefined,
  sequence: message.sequence && queues.nextSequence(),
});
