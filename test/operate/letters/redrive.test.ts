import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SendMessageCommand, type ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { Paid } from '../../runtime/counter.ts';
import { enveloped } from '../../runtime/rig.ts';
import { startDead, type Dead } from './dead.ts';

let dead: Dead;
afterEach(() => dead.stop());

const sorted = (amounts: number[]) => amounts.toSorted((a, b) => a - b);

describe('a redrive conserves: what was dead is applied or still dead (I7)', () => {
  test.each([
    ['letter by letter', {}],
    ['by SQS itself', { native: true }],
    ['of a FIFO queue', { fifo: true }],
    ['of a FIFO queue, by SQS itself', { fifo: true, native: true }],
  ])('%s, once and once more is once', async (_, options) => {
    dead = await startDead(options);
    await dead.die([1, 2, 3]);
    expect(await dead.waiting()).toBe(3);
    expect(await dead.redriven()).toEqual({ moved: 3, folded: 0, left: 0, failures: [] });
    await dead.settle();
    expect(await dead.waiting()).toBe(3); // nothing was mended
    dead.mend();
    await dead.redriven();
    await dead.settle();
    expect(sorted(await dead.applied())).toEqual([1, 2, 3]);
    expect(await dead.redriven()).toEqual({ moved: 0, folded: 0, left: 0, failures: [] });
    expect(await dead.waiting()).toBe(0);
    expect(existsSync(dead.journalPath)).toBe(false);
  });

  test('copies of a letter are one: sent on once, all deleted', async () => {
    dead = await startDead();
    await dead.die([1, 2]);
    await dead.copyLetters();
    expect(await dead.waiting()).toBe(4);
    dead.mend();
    expect(await dead.redriven()).toEqual({ moved: 2, folded: 2, left: 0, failures: [] });
    await dead.settle();
    expect(await dead.waiting()).toBe(0);
    expect(sorted(await dead.applied())).toEqual([1, 2]);
  });

  test('a trial takes as many as it was told, also of a group of which more are behind', async () => {
    dead = await startDead({ fifo: true, native: true });
    await dead.die(Array.from({ length: 12 }, (_, i) => i));
    const hasty = dead.seeing((name, next, input: ReceiveMessageCommandInput) => {
      if (name === 'ReceiveMessage') input.WaitTimeSeconds = 0; // nobody advances the clock meanwhile
      return next();
    });
    expect(await dead.redriven(hasty, { limit: 10 })).toMatchObject({ moved: 10, left: 0 });
    expect(await dead.waiting()).toBe(2);
  });

  test('letters that were put back are found again, though SQS does not count them yet', async () => {
    dead = await startDead();
    await dead.place([1, 2]);
    let counted = 0;
    const late = dead.seeing(async (name, next, input: { WaitTimeSeconds?: number }) => {
      if (name === 'ReceiveMessage' && input.WaitTimeSeconds === 0) return {}; // a short look may miss what is there
      if (name === 'GetQueueAttributes' && ++counted === 3)
        return { Attributes: { ApproximateNumberOfMessages: '0' } };
      return next();
    });
    expect(await dead.redriven(late)).toMatchObject({ moved: 2, left: 0 });
  });

  test('groups of a FIFO queue keep their order, also when one cannot be sent', async () => {
    dead = await startDead({ fifo: true });
    await dead.die([1, 2, 3]);
    await dead.die([1, 2], 'b');
    dead.mend();
    let refused = 0;
    const refusing = dead.seeing((name, next, { MessageBody }: { MessageBody: string }) => {
      if (name !== 'SendMessage' || !MessageBody.includes('id-a-2') || refused++ > 0) return next();
      throw Object.assign(new Error('slow down'), { name: 'Throttled' });
    });
    expect(await dead.redriven(refusing)).toMatchObject({
      moved: 3,
      left: 2,
      failures: ['counter: Throttled: slow down'],
    });
    expect(await dead.redriven(refusing)).toMatchObject({ moved: 2, left: 0 });
    await dead.settle();
    expect(await dead.applied()).toEqual([1, 2, 3]);
    expect(await dead.applied('b')).toEqual([1, 2]);
  });

  test('what a letter carries goes with it: attributes, reason, group and trace (F36)', async () => {
    dead = await startDead();
    await dead.die([1]);
    const [before] = await dead.rig.dead();
    await dead.rig.aws.advance('5m');
    await dead.redriven();
    const [after] = await dead.rig.receive();
    expect(after!.body).toBe(before!.body);
    expect(JSON.parse(after!.messageAttributes['SpillwayReason']!.stringValue!)).toEqual(before!.reason);
  });
});

describe('a redrive that is killed at any step loses nothing and does nothing twice (F39)', () => {
  /** A process that ends at its nth call: from then on nothing that it does has an effect. */
  const killedAt = (n: number, when: 'before' | 'after') => {
    let calls = 0;
    return dead.seeing(async (_name, next) => {
      if (++calls > n || (calls === n && when === 'before')) throw new Error('killed');
      const answer = await next();
      if (calls === n) throw new Error('killed');
      return answer;
    });
  };

  test.each(['before', 'after'] as const)('%s each of its calls', async (when) => {
    dead = await startDead();
    dead.mend();
    const all: number[] = [];
    let over = false;
    for (let n = 1; !over; n++) {
      await dead.place([2 * n, 2 * n + 1]);
      all.push(2 * n, 2 * n + 1);
      over = await dead.redriven(killedAt(n, when)).then(
        ({ left }) => left === 0,
        () => false,
      );
      await dead.settle();
      await dead.rig.aws.advance('2m'); // what it was looking at comes back
      const still = (await dead.letters()).map(({ reason }) => Number(reason.id!.split('-')[2]));
      expect(sorted([...new Set([...(await dead.applied()), ...still])])).toEqual(all);
      await dead.redriven();
      await dead.settle();
      expect(sorted(await dead.applied())).toEqual(all);
      expect(await dead.waiting()).toBe(0);
    }
    expect(all.length).toBeGreaterThan(2 * 8);
  });

  test('Ctrl-C: what is begun is finished, the rest stays and is told, and the next run goes on (B60)', async () => {
    dead = await startDead();
    dead.mend();
    await dead.place(Array.from({ length: 15 }, (_, i) => i));
    let looks = 0;
    const stopped = await dead.redriven(dead.aws, {}, { stopped: () => looks++ > 0 });
    expect(stopped).toEqual({ moved: 10, folded: 0, left: 5, failures: [] });
    expect(await dead.rig.receive(dead.rig.deadLetters)).toHaveLength(5); // to be seen at once
    await dead.rig.aws.advance('3m');
    expect(await dead.redriven()).toMatchObject({ moved: 5, left: 0 });
    await dead.settle();
    expect((await dead.applied()).length).toBe(15);
  });

  test('nothing is sent that could not be written down', async () => {
    dead = await startDead();
    await dead.place([1, 2]);
    const folder = dirname(dead.journalPath);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    await expect(dead.redriven()).rejects.toThrow('EEXIST');
    expect(await dead.waiting()).toBe(2);
    expect(await dead.rig.receive()).toEqual([]);
  });

  test('what was sent on before is deleted, not sent again', async () => {
    dead = await startDead();
    await dead.die([1, 2]);
    dead.mend();
    const undeleting = dead.seeing(async (name, next) => {
      if (name === 'DeleteMessageBatch') throw new Error('killed');
      return next();
    });
    await expect(dead.redriven(undeleting)).rejects.toThrow('killed');
    expect(await dead.redriven()).toEqual({ moved: 0, folded: 0, left: 0, failures: [] });
    expect(await dead.waiting()).toBe(0);
  });

  test('a letter that has died again since is sent again, though its like was sent before', async () => {
    dead = await startDead();
    await dead.die([1]);
    const undeleting = dead.seeing(async (name, next) => {
      if (name === 'DeleteMessageBatch') throw new Error('killed');
      return next();
    });
    await expect(dead.redriven(undeleting)).rejects.toThrow('killed');
    await dead.settle(); // not mended: it dies once more
    expect(await dead.waiting()).toBe(2);
    dead.mend();
    expect(await dead.redriven()).toMatchObject({ moved: 1, left: 0 });
    await dead.settle();
    expect(await dead.applied()).toEqual([1]);
    expect(await dead.waiting()).toBe(0);
  });

  test('a line of the journal that a kill cut short counts for nothing', async () => {
    dead = await startDead();
    await dead.die([1]);
    dead.mend();
    writeFileSync(dead.journalPath, '"0f0e-letter"\n"half a li');
    expect(await dead.redriven()).toMatchObject({ moved: 1, left: 0 });
  });
});

describe('the dead letters of a rule go to the queue that it could not reach (F37)', () => {
  test('and are applied there', async () => {
    dead = await startDead();
    const { rig, discovered } = dead;
    const counter = discovered.consumers['counter']!;
    counter.ruleDeadLetterUrl = counter.deadLetterUrls.pop()!;
    const event = JSON.stringify(enveloped(Paid({ account: 'a', amount: 5 }, { id: 'five' })));
    const said = {
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'no',
      RULE_ARN: 'r',
      TARGET_ARN: 't',
      RETRY_ATTEMPTS: '1',
    };
    await rig.sqs.send(
      new SendMessageCommand({
        QueueUrl: rig.deadLetters.url,
        MessageBody: event,
        MessageAttributes: Object.fromEntries(
          Object.entries(said).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      }),
    );
    dead.mend();
    expect(await dead.redriven()).toMatchObject({ moved: 1, left: 0 });
    await dead.settle();
    expect(await dead.applied()).toEqual([5]);
    expect(await dead.waiting()).toBe(0);
  });
});
