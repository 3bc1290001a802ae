import { ListDeadLetterSourceQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { OperateError } from '../errors.ts';
import { isOpen, type Filter } from './filter.ts';
import type { Journal } from './journal.ts';
import { lettersIn, type Letter, type Looked } from './letter.ts';
import { refuseSecond } from './move-task.ts';
import { nameOf, type LetterQueue } from './queues.ts';
import type { Plan, Transfer } from './transfer.ts';

export interface PlanOptions {
  filter: Filter;
  journal: Journal;
  /** The first letters only, as a trial. @default all */
  limit?: number | undefined;
  /** By SQS's move task or not at all. @default false */
  native?: boolean | undefined;
  /** Also to consumers that do not remember what they have handled. @default false */
  mayRepeat?: boolean | undefined;
}

/** What a redrive would do. Throws WRONG_TARGET, MAY_REPEAT and MOVE_RUNNING. */
export async function planRedrive(aws: Aws, queues: LetterQueue[], options: PlanOptions): Promise<Plan> {
  const { limit = Infinity } = options;
  const looked = await Promise.all(
    queues.map(async (queue) => ({ queue, ...(await lettersIn(aws, queue, options.filter)) })),
  );
  const plan: Plan = { transfers: [], staying: [] };
  let room = limit;
  for (const { queue, ...found } of looked) {
    if (found.letters.length === 0) continue;
    if (!goesBack(queue)) {
      plan.staying.push(...found.letters);
      continue;
    }
    if (!queue.remembers && !options.mayRepeat)
      throw new OperateError('MAY_REPEAT', `${queue.owner} does not remember what it has handled`);
    const letters = found.letters.slice(0, room);
    room -= letters.length;
    if (letters.length === 0) continue;
    const by = await way(aws, queue, { ...found, letters }, options);
    plan.transfers.push({ queue, letters, by, behind: found.behind });
  }
  if (plan.transfers.length === 0 && plan.staying.length > 0) throw cannotGo(plan.staying[0]!);
  return plan;
}

/** SQS moves whole queues, and only to where they are the dead-letter queue of. */
async function way(
  aws: Aws,
  queue: Transfer['queue'],
  { letters, seen, behind }: Looked,
  { filter, journal, limit, native }: PlanOptions,
): Promise<Transfer['by']> {
  const whole = isOpen(filter) && letters.length === seen && (limit === undefined || behind === 0);
  const copies = new Set(letters.map(({ copyOf }) => copyOf)).size < letters.length;
  const begun = letters.some(({ letterId }) => journal.has(letterId));
  const allowed = (await sourcesOf(aws, queue.url)).includes(queue.backTo);
  if (native && !allowed)
    throw new OperateError(
      'WRONG_TARGET',
      `SQS moves dead letters only for queues that name ${nameOf(queue.url)} as theirs, and EventBridge put these there: leave out --native`,
    );
  if (native && !whole)
    throw new OperateError('WRONG_TARGET', 'SQS moves a queue as a whole: leave out --native, or the filter');
  if (allowed) await refuseSecond(aws, queue.url);
  return native || (allowed && whole && !copies && !begun) ? 'sqs' : 'letters';
}

async function sourcesOf(aws: Aws, QueueUrl: string): Promise<string[]> {
  const { queueUrls = [] } = await aws(SQSClient).send(new ListDeadLetterSourceQueuesCommand({ QueueUrl }));
  return queueUrls;
}

const goesBack = (queue: LetterQueue): queue is Transfer['queue'] => queue.backTo !== undefined;

function cannotGo({ queue: { owner, kind } }: Letter): OperateError {
  const instead = {
    stream: 'their rows are still in the tables, and the sweeper publishes them: purge these',
    schedule: 'the sweeper runs every minute anyway: purge these',
    unrouted: 'nobody listens to them; once somebody does, "spillway replay --to" brings them: purge these',
  }[kind as string];
  return new OperateError(
    'WRONG_TARGET',
    `What is among the dead letters of ${owner} cannot be sent on: ${instead}, with "spillway dlq purge ${owner}"`,
  );
}
