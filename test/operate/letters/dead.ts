/** A consumer that is broken until it is mended, with its dead letters, as a pipeline that can be discovered. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { consume } from '../../../functions/runtime/consume.ts';
import { Permanent } from '../../../functions/runtime/errors.ts';
import type { Aws } from '../../../operate/aws.ts';
import type { Discovered } from '../../../operate/discovery.ts';
import { openBox } from '../../../operate/letters/box.ts';
import { openJournal } from '../../../operate/letters/journal.ts';
import { lettersOf } from '../../../operate/letters/letter.ts';
import { planRedrive } from '../../../operate/letters/plan.ts';
import { letterQueues } from '../../../operate/letters/queues.ts';
import { redrive } from '../../../operate/letters/redrive.ts';
import type { Moved, Moving } from '../../../operate/letters/transfer.ts';
import { awsOf } from '../../../operate/up/aws-of-local.ts';
import { Add, Paid } from '../../runtime/counter.ts';
import { enveloped, intercepted, startRig } from '../../runtime/rig.ts';

export type Dead = Awaited<ReturnType<typeof startDead>>;

export async function startDead(options: { fifo?: boolean; native?: boolean } = {}) {
  const { fifo = false, native = false } = options;
  const rig = await startRig({ fifo });
  if (native)
    await rig.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: rig.queue.url,
        Attributes: {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: rig.deadLetters.arn, maxReceiveCount: 9 }),
        },
      }),
    );
  let mended = false;
  const depth = (QueueUrl: string) => openBox(rig.sqs, QueueUrl).depth();
  const handler = consume(
    [Paid, Add],
    {
      key: ({ data }) => data.account,
      decide: (seen: number[] = [], { data: { amount } }) => {
        if (!mended) throw new Permanent('not today', { code: 'BROKEN' });
        return { state: [...seen, amount] };
      },
    },
    rig,
  );
  const discovered: Discovered = {
    bus: 'bus',
    commands: {},
    consumers: {
      counter: {
        function: 'f',
        table: 'table',
        queueUrls: [rig.queue.url],
        deadLetterUrls: [rig.deadLetters.url],
        on: ['paid'],
      },
    },
    apis: {},
  };
  const journalPath = join(mkdtempSync(join(tmpdir(), 'redrive-')), 'journal.jsonl');
  const aws = awsOf(rig.aws);

  const dead = {
    rig,
    aws,
    discovered,
    journalPath,
    /** Amounts in the order in which they were applied. */
    applied: async (account = 'a') => ((await rig.stateOf(account)) ?? []) as number[],
    mend: () => void (mended = true),
    /** Messages of these amounts, as many dead letters. */
    async die(amounts: number[], account = 'a') {
      for (const amount of amounts) {
        const data = { account, amount };
        const id = `id-${account}-${amount}`;
        await rig.put(fifo ? Add(data, { id }) : enveloped(Paid(data, { id })), { group: account });
      }
      await dead.settle();
    },
    /** The same in no time: letters that nobody wrote a reason on. */
    async place(amounts: number[]) {
      for (const amount of amounts) {
        const event = Paid({ account: 'a', amount }, { id: `id-a-${amount}` });
        const MessageBody = JSON.stringify(enveloped(event));
        await rig.sqs.send(new SendMessageCommand({ QueueUrl: rig.deadLetters.url, MessageBody }));
      }
    },
    letters: () => lettersOf(aws, letterQueues(discovered)),
    /** Until the queue is empty. */
    async settle() {
      for (let i = 0; (await depth(rig.queue.url)) > 0; i++) {
        if (i > 100) throw new Error('the queue does not become empty');
        await rig.poll(handler);
      }
    },
    /** As a crash does after a letter was written, before its message was deleted. */
    async copyLetters() {
      const box = openBox(rig.sqs, rig.deadLetters.url);
      const messages = [];
      for await (const batch of box.batches()) messages.push(...batch);
      for (const { Body, MessageAttributes } of messages)
        await rig.sqs.send(
          new SendMessageCommand({ QueueUrl: rig.deadLetters.url, MessageBody: Body, MessageAttributes }),
        );
      await box.close();
    },
    async redriven(
      through: Aws = aws,
      options: Partial<Parameters<typeof planRedrive>[2]> = {},
      moving: Partial<Moving> = {},
    ): Promise<Moved> {
      const journal = openJournal(journalPath);
      const plan = await planRedrive(through, letterQueues(discovered), { filter: {}, journal, ...options });
      return redrive(through, plan, {
        journal,
        stopped: () => false,
        wait: (ms) => rig.aws.advance(ms),
        onMoved: () => {},
        ...moving,
      });
    },
    /** The same clients, with SQS's calls seen on their way. */
    seeing: (intercept: Parameters<typeof intercepted>[1]): Aws => {
      const sqs = intercepted(rig.sqs, intercept);
      return <Client>(client: new (configuration: object) => Client) =>
        (client as unknown) === SQSClient ? (sqs as Client) : aws(client);
    },
    waiting: () => depth(rig.deadLetters.url),
    stop: () => rig.stop(),
  };
  return dead;
}
