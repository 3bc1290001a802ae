import { join, resolve } from 'node:path';
import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { checkAccount } from '../../../operate/connect.ts';
import { awsOf } from '../../../operate/up/aws-of-local.ts';
import { spillway } from '../../e2e/spillway.ts';
import { file, folder, startTerminal } from './terminal.ts';

const EXAMPLE = resolve('docs/examples/order.place.json');

const at = await startTerminal();
afterAll(() => at.stop());
beforeEach(() => at.empty());

describe('what cannot be done is said, and changes nothing', () => {
  beforeEach(() => at.letters(2));

  test.each<[string, string[], number, RegExp]>([
    [
      'B51 a name that nobody has, with the nearest',
      ['show', 'countr'],
      1,
      /UNKNOWN_NAME.*nearest are counter/,
    ],
    ['B53 a time that is none', ['show', '--since', 'yesterday-ish'], 2, /BAD_TIME.*Such as 2h/],
    ['B53 a beginning that is to come', ['show', '--since', '2999-01-01'], 2, /BAD_TIME.*yet to come/],
    ['B53 a beginning after the end', ['show', '--since', '1h', '--until', '2h'], 2, /BAD_TIME.*is after/],
    [
      'B54 a filter that matches nothing',
      ['redrive', '--id', 'other', '--yes'],
      4,
      /No letter matches; nothing was changed/,
    ],
    ['B54 also of a purge', ['purge', '--type', 'other', '--discard', '--yes'], 4, /No letter matches/],
    [
      'letters that are to be kept and not to be kept',
      ['purge', '--discard', '--export', join(folder, 'kept.jsonl'), '--yes'],
      2,
      /BAD_OPTION.*--export or --discard/,
    ],
    ['B55 nobody there to say yes: the plan is shown', ['redrive'], 2, /BROKEN +2 [^]*NOT_CONFIRMED.*--yes/],
    ['B55 also of a purge', ['purge', '--discard'], 2, /BROKEN +2 [^]*NOT_CONFIRMED/],
    [
      'B61 a pattern that is no JSON',
      ['show', '--pattern', file('bad.json', '{\n  "data": [}')],
      2,
      /BAD_PATTERN.*bad.json, line 2, column 1\d.*Operators/,
    ],
    [
      'B61 an operator that nobody knows',
      ['show', '--pattern', file('op.json', '{"id": [{"like": "a"}]}')],
      2,
      /line 1, column \d+: Unrecognized match type like/,
    ],
  ])('%s', async (_, args, code, text) => {
    const answer = await at.dlq(...args);
    expect(answer).toEqual({ code, text: expect.stringMatching(text) });
    expect(await at.depth('counter-dead')).toBe(2);
    expect(await at.depth('numbers')).toBe(0);
  });

  test('B52 a queue that is none for dead letters: which command fits', async () => {
    const answer = await at.dlq('redrive', 'numbers', '--yes');
    expect(answer).toEqual({
      code: 2,
      text: expect.stringMatching(
        /WRONG_TARGET.*numbers is no dead-letter queue.*spillway dlq redrive counter/,
      ),
    });
  });

  test('B52 a rule’s letters by the move task of SQS', async () => {
    await at.letters(1, { to: 'counter-rule-dead' });
    const answer = await at.dlq('redrive', 'counter-rule-dead', '--native', '--yes');
    expect(answer).toEqual({ code: 2, text: expect.stringMatching(/WRONG_TARGET.*leave out --native/) });
    expect(await at.depth('counter-rule-dead')).toBe(1);
  });

  test('B57 a second move of SQS: how far the first one is', async () => {
    const SourceArn = await at.arn('counter-dead');
    await at.sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        MaxNumberOfMessagesPerSecond: 1,
        DestinationArn: await at.arn('unrouted'),
      }),
    );
    const answer = await at.dlq('redrive', 'counter', '--yes');
    expect(answer).toEqual({ code: 1, text: expect.stringMatching(/MOVE_RUNNING.*0 of 2 letters/) });
  });

  test('B56 another account than the project names for the stage, both masked', async () => {
    file(
      'cdk.json',
      JSON.stringify({ context: { accounts: { dev: '123456789012', production: '000000000000' } } }),
    );
    await checkAccount(awsOf(at.local), 'production', folder);
    await checkAccount(awsOf(at.local), 'unnamed', folder);
    await expect(checkAccount(awsOf(at.local), 'dev', folder)).rejects.toMatchObject({
      code: 'WRONG_ACCOUNT',
      exit: 1,
      message: 'These credentials are of account ********0000, and stage dev is in ********9012',
    });
  });

  test.each([['status'], ['import'], ['emit', 'order.place', '--file', EXAMPLE]])(
    'another account is refused by %s too',
    async (...args) => {
      file('cdk.json', JSON.stringify({ context: { accounts: { dev: '123456789012' } } }));
      const { code, stderr } = await spillway(args, { env: at.env, cwd: folder }).ended;
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('WRONG_ACCOUNT') });
    },
  );
});
