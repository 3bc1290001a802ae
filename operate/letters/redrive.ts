import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { openBox, type Box } from './box.ts';
import type { Journal } from './journal.ts';
import { moveAll } from './move-task.ts';
import type { Letter } from './letter.ts';
import { sendOn } from './send-on.ts';
import type { Moved, Moving, Plan, Transfer } from './transfer.ts';

/** Does what was planned. Killed at any moment it loses nothing: a letter is deleted only once SQS has it where it belongs. */
export async function redrive(
  aws: Aws,
  { transfers }: Plan,
  { journal, ...moving }: Moving & { journal: Journal },
): Promise<Moved> {
  const done: Moved = { moved: 0, folded: 0, left: 0, failures: [] };
  for (const transfer of transfers) {
    if (moving.stopped()) {
      done.left += transfer.letters.length;
      continue;
    }
    const before = done.moved;
    const options = { ...moving, onMoved: (moved: number) => moving.onMoved(before + moved) };
    const part =
      transfer.by === 'sqs'
        ? await moveAll(aws, transfer, options)
        : await moveEach(aws, transfer, journal, options);
    done.moved += part.moved;
    done.folded += part.folded;
    done.left += part.left;
    done.failures.push(...part.failures);
  }
  journal.close();
  return done;
}

async function moveEach(
  aws: Aws,
  transfer: Transfer,
  journal: Journal,
  { rate, stopped, wait, onMoved }: Moving,
): Promise<Moved> {
  journal.begin();
  const box = openBox(aws(SQSClient), transfer.queue.url);
  const run: Run = {
    transfer,
    box,
    sqs: aws(SQSClient),
    journal,
    planned: new Map(transfer.letters.map((letter) => [letter.letterId, letter])),
    sent: new Set(),
    done: { moved: 0, folded: 0, left: 0, failures: [] },
  };
  try {
    for await (const messages of box.batches(run.planned.size)) {
      const before = run.done.moved;
      await moveBatch(run, messages);
      onMoved(run.done.moved);
      if (run.planned.size === 0 || stopped()) break;
      if (rate !== undefined) await wait(((run.done.moved - before) * 1000) / rate);
    }
  } finally {
    await box.close();
  }
  return { ...run.done, left: run.planned.size };
}

interface Run {
  transfer: Transfer;
  box: Box;
  sqs: Pick<SQSClient, 'send'>;
  journal: Journal;
  /** What has not gone yet. */
  planned: Map<string, Letter>;
  /** In this run: what copies it has are deleted only. Of an earlier run it cannot be known, they may have died since. */
  sent: Set<string>;
  done: Moved;
}

/** Groups side by side, each in order; what is in no group is one with its copies. */
async function moveBatch(run: Run, messages: Message[]): Promise<void> {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const letter = run.planned.get(message.MessageId!);
    if (!letter) continue;
    const group = message.Attributes?.MessageGroupId ?? letter.copyOf;
    groups.set(group, [...(groups.get(group) ?? []), message]);
  }
  const gone = (await Promise.all([...groups.values()].map((group) => sendGroup(run, group)))).flat();
  const still = new Set(await run.box.remove(gone));
  for (const message of gone) {
    const letterId = message.MessageId!;
    if (still.has(message)) continue;
    run.journal.deleted(letterId);
    run.planned.delete(letterId);
  }
}

/** Resolves with those that may be deleted. Behind a letter that could not be sent, its group waits. */
async function sendGroup({ transfer, sqs, journal, planned, sent, done }: Run, group: Message[]) {
  const gone: Message[] = [];
  for (const message of group) {
    const { letterId, copyOf } = planned.get(message.MessageId!)!;
    if (sent.has(copyOf)) done.folded++;
    else if (!journal.has(letterId)) {
      try {
        await sendOn(sqs, message, transfer.queue.backTo);
      } catch (error) {
        const { name, message: why } = error as Error;
        if (done.failures.length === 0) done.failures.push(`${transfer.queue.owner}: ${name}: ${why}`);
        break;
      }
      journal.sent(letterId);
      sent.add(copyOf);
      done.moved++;
    }
    gone.push(message);
  }
  return gone;
}
