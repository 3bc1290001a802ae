import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { REASON } from '../../../functions/runtime/consume/dead-letter.ts';
import { file, folder, startTerminal } from './terminal.ts';

const at = await startTerminal();
afterAll(() => at.stop());
beforeEach(() => at.empty());

describe('dead letters are seen', () => {
  test('counted by consumer, queue, type and reason', async () => {
    await at.letters(2);
    await at.letters(1, { code: 'EVT_SCHEMA', to: 'counter-rule-dead' });
    const { code, text } = await at.dlq('ls');
    expect(code).toBe(0);
    expect(text).toMatch(/counter +events +paid +BROKEN +2 +\d+ s\n/);
    expect(text).toMatch(/counter +rule +paid +EVT_SCHEMA +1 /);
    expect(text).toContain('3 letters in 2 of 3 queues.');
    expect(JSON.parse((await at.dlq('ls', 'counter', '--json')).text)).toMatchObject({
      letters: 3,
      groups: [{ reason: 'BROKEN', letters: 2 }, { reason: 'EVT_SCHEMA' }],
    });
  });

  test('and explained, without what is in them unless asked (I12), and without consuming them', async () => {
    await at.letters(2);
    const { code, text } = await at.dlq('show', 'counter');
    expect(code).toBe(0);
    expect(text).toContain('counter events  paid  id-1\n  BROKEN: not today');
    expect(text).toContain('What to do\n  BROKEN  Mend it.');
    expect(text).not.toContain('Karoline');
    expect((await at.dlq('show', 'counter', '--body')).text).toContain('"name":"Karoline"');
    expect(await at.depth('counter-dead')).toBe(2);
  });

  test('without what a terminal would obey, whoever wrote it', async () => {
    await at.letters(1, { code: 'CLEAR\u001b[2J\nSCREEN' });
    for (const args of [['ls'], ['show'], ['show', '--body']])
      expect((await at.dlq(...args)).text).toMatch(/CLEAR \[2J SCREEN/);
  });

  test.each([
    ['--id', 'id-2', ['id-2']],
    ['--reason', 'OTHER', []],
    ['--type', 'paid', ['id-0', 'id-1', 'id-2']],
    ['--since', '1h', ['id-0', 'id-1', 'id-2']],
    ['--until', '1h', []],
    ['--pattern', file('amounts.json', '{"data":{"amount":[{"numeric":[">",0]}]}}'), ['id-1', 'id-2']],
  ])('chosen by %s %s', async (option, value, ids) => {
    await at.letters(3);
    const shown = JSON.parse((await at.dlq('show', option, value, '--json')).text) as {
      count: number;
      letters: { reason: { id: string } }[];
    };
    expect(shown.letters.map(({ reason }) => reason.id).toSorted()).toEqual(ids);
    expect(shown.count).toBe(ids.length);
  });
});

describe('dead letters are sent back', () => {
  test('as a trial, then all that are left; SQS moves a whole queue itself', async () => {
    await at.letters(3);
    await at.letters(1, { to: 'counter-rule-dead' });
    const trial = await at.dlq('redrive', 'counter-dead', '--limit', '1', '--yes');
    expect(trial).toMatchObject({ code: 0, text: expect.stringContaining('one by one') });
    expect(await at.depth('counter-dead')).toBe(2);
    const rest = await at.dlq('redrive', '--yes', '--json');
    expect(rest.code).toBe(0);
    expect(rest.text).toMatch(/events +paid +BROKEN +2 +events +SQS\n/);
    expect(JSON.parse(rest.text.split('\n').at(-1)!)).toMatchObject({ moved: 3, left: 0 });
    expect([
      await at.depth('numbers'),
      await at.depth('counter-dead'),
      await at.depth('counter-rule-dead'),
    ]).toEqual([4, 0, 0]);
  });

  test.each([
    ['sent back', ['redrive', '--type', 'paid']],
    ['put away', ['purge', '--discard']],
  ])('%s in part, as long as others are behind them', async (_, args) => {
    await at.letters(3);
    const QueueUrl = at.urls['counter-dead'];
    const { Messages } = await at.sqs.send(new ReceiveMessageCommand({ QueueUrl })); // somebody else looks at one
    const answer = await at.dlq(...args, '--yes');
    const { ReceiptHandle } = Messages![0]!;
    await at.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(answer).toEqual({ code: 3, text: expect.stringContaining('\n1 letter could not be looked at') });
    expect((await at.dlq(...args, '--yes')).code).toBe(0);
    expect(await at.depth('counter-dead')).toBe(0);
  });

  test('or put away: into a file first, unless they are to be discarded', async () => {
    await at.letters(3);
    const to = join(folder, 'purged.jsonl');
    expect(await at.dlq('purge', 'counter', '--id', 'id-0', '--export', to, '--yes')).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(readFileSync(to, 'utf8'))).toMatchObject({
      queueUrl: at.urls['counter-dead'],
      Body: expect.stringContaining('"amount":0'),
      MessageAttributes: { [REASON]: { DataType: 'String' } },
    });
    expect(await at.depth('counter-dead')).toBe(2);
    expect((await at.dlq('purge', 'counter', '--export', to, '--yes')).code).toBe(1); // never over another file
    expect(await at.depth('counter-dead')).toBe(2);
    expect(await at.dlq('purge', 'counter', '--discard', '--yes')).toMatchObject({ code: 0 });
    expect(await at.depth('counter-dead')).toBe(0);
  });
});
