import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SSMClient, PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REASON } from '../../functions/runtime/consume/dead-letter.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { checkAccount } from '../../operate/connect.ts';
import { openBox } from '../../operate/letters/box.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { against } from '../e2e/spillway.ts';
import { told } from './told.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlq-'));
let local: Local;
let sqs: SQSClient;
let env: Record<string, string>;
const urls: Record<string, string> = {};

/** A pipeline as far as its dead letters go: one consumer with its queue and both dead-letter queues. */
beforeAll(async () => {
  local = await startLocal({ clock: 'real', region: 'us-east-1' });
  env = against(await local.listen(0));
  sqs = local.client(SQSClient);
  for (const QueueName of ['numbers', 'counter-dead', 'counter-rule-dead', 'unrouted'])
    urls[QueueName] = (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl!;
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: await arn('counter-dead'),
    maxReceiveCount: 9,
  });
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: urls['numbers']!, Attributes: { RedrivePolicy } }),
  );
  await say('pipeline', { bus: 'bus', unroutedQueueUrl: urls['unrouted'] });
  await say('consumers/counter', {
    function: 'f',
    table: 'table',
    queueUrls: [urls['numbers']],
    deadLetterUrls: [urls['counter-dead']],
    ruleDeadLetterUrl: urls['counter-rule-dead'],
    on: ['paid'],
  });
});
afterAll(() => local.stop());
beforeEach(async () => {
  for (const url of Object.values(urls)) {
    const box = openBox(sqs, url);
    for await (const messages of box.batches()) await box.remove(messages);
  }
});

const say = (key: string, value: object) =>
  local.client(SSMClient).send(
    new PutParameterCommand({
      Name: `/spillway/shop/dev/${key}`,
      Value: JSON.stringify(value),
      Type: 'String',
    }),
  );

async function arn(queue: string): Promise<string> {
  const AttributeNames = ['QueueArn' as const];
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: urls[queue]!, AttributeNames })))
    .Attributes!['QueueArn']!;
}

async function depth(queue: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urls[queue]!, AttributeNames }),
  );
  return Number(Attributes!['ApproximateNumberOfMessages']);
}

/** Letters as a consumer writes them, of so many messages. */
async function letters(count: number, { code = 'BROKEN', to = 'counter-dead' } = {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    const reason = {
      code,
      message: 'not today',
      hint: 'Mend it.',
      consumer: 'counter',
      messageId: `m${i}`,
      id: `id-${i}`,
    };
    const last = new Date(local.world.clock.now()).toISOString();
    const StringValue = JSON.stringify({
      ...reason,
      type: 'paid',
      attempts: 1,
      receives: 1,
      deadLettered: 1,
      first: last,
      last,
    });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: urls[to]!,
        MessageBody: JSON.stringify({ detail: { id: `id-${i}`, data: { amount: i, name: 'Karoline' } } }),
        MessageAttributes: { [REASON]: { DataType: 'String', StringValue } },
      }),
    );
  }
}

async function dlq(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, lines } = await told(['dlq', ...args], env);
  return { code, text: lines.join('\n') };
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('dead letters are seen', () => {
  test('counted by consumer, queue, type and reason', async () => {
    await letters(2);
    await letters(1, { code: 'EVT_SCHEMA', to: 'counter-rule-dead' });
    const { code, text } = await dlq('ls');
    expect(code).toBe(0);
    expect(text).toMatch(/counter +events +paid +BROKEN +2 +\d+ s\n/);
    expect(text).toMatch(/counter +rule +paid +EVT_SCHEMA +1 /);
    expect(text).toContain('3 letters in 2 of 3 queues.');
    expect(JSON.parse((await dlq('ls', 'counter', '--json')).text)).toMatchObject({
      letters: 3,
      groups: [{ reason: 'BROKEN', letters: 2 }, { reason: 'EVT_SCHEMA' }],
    });
  });

  test('and explained, without what is in them unless asked (I12), and without consuming them', async () => {
    await letters(2);
    const { code, text } = await dlq('show', 'counter');
    expect(code).toBe(0);
    expect(text).toContain('counter events  paid  id-1\n  BROKEN: not today');
    expect(text).toContain('What to do\n  BROKEN  Mend it.');
    expect(text).not.toContain('Karoline');
    expect((await dlq('show', 'counter', '--body')).text).toContain('"name":"Karoline"');
    expect(await depth('counter-dead')).toBe(2);
  });

  test.each([
    ['--id', 'id-2', ['id-2']],
    ['--reason', 'OTHER', []],
    ['--type', 'paid', ['id-0', 'id-1', 'id-2']],
    ['--since', '1h', ['id-0', 'id-1', 'id-2']],
    ['--until', '1h', []],
    ['--pattern', file('amounts.json', '{"data":{"amount":[{"numeric":[">",0]}]}}'), ['id-1', 'id-2']],
  ])('chosen by %s %s', async (option, value, ids) => {
    await letters(3);
    const shown = JSON.parse((await dlq('show', option, value, '--json')).text) as {
      count: number;
      letters: { reason: { id: string } }[];
    };
    expect(shown.letters.map(({ reason }) => reason.id).toSorted()).toEqual(ids);
    expect(shown.count).toBe(ids.length);
  });
});

describe('dead letters are sent back', () => {
  test('as a trial, then all that are left; SQS moves a whole queue itself', async () => {
    await letters(3);
    await letters(1, { to: 'counter-rule-dead' });
    const trial = await dlq('redrive', 'counter-dead', '--limit', '1', '--yes');
    expect(trial).toMatchObject({ code: 0, text: expect.stringContaining('one by one') });
    expect(await depth('counter-dead')).toBe(2);
    const rest = await dlq('redrive', '--yes', '--json');
    expect(rest.code).toBe(0);
    expect(rest.text).toMatch(/events +paid +BROKEN +2 +events +SQS\n/);
    expect(JSON.parse(rest.text.split('\n').at(-1)!)).toMatchObject({ moved: 3, left: 0 });
    expect([await depth('numbers'), await depth('counter-dead'), await depth('counter-rule-dead')]).toEqual([
      4, 0, 0,
    ]);
  });

  test('or put away: into a file first, unless they are to be discarded', async () => {
    await letters(3);
    const to = join(folder, 'purged.jsonl');
    expect(await dlq('purge', 'counter', '--id', 'id-0', '--export', to, '--yes')).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(to, 'utf8'))).toMatchObject({
      queueUrl: urls['counter-dead'],
      Body: expect.stringContaining('"amount":0'),
      MessageAttributes: { [REASON]: { DataType: 'String' } },
    });
    expect(await depth('counter-dead')).toBe(2);
    expect((await dlq('purge', 'counter', '--export', to, '--yes')).code).toBe(1); // never over another file
    expect(await depth('counter-dead')).toBe(2);
    expect(await dlq('purge', 'counter', '--discard', '--yes')).toMatchObject({ code: 0 });
    expect(await depth('counter-dead')).toBe(0);
  });
});

describe('what cannot be done is said, and changes nothing', () => {
  beforeEach(() => letters(2));

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
    const answer = await dlq(...args);
    expect(answer).toEqual({ code, text: expect.stringMatching(text) });
    expect(await depth('counter-dead')).toBe(2);
    expect(await depth('numbers')).toBe(0);
  });

  test('B52 a queue that is none for dead letters: which command fits', async () => {
    const answer = await dlq('redrive', 'numbers', '--yes');
    expect(answer).toEqual({
      code: 2,
      text: expect.stringMatching(
        /WRONG_TARGET.*numbers is no dead-letter queue.*spillway dlq redrive counter/,
      ),
    });
  });

  test('B52 a rule’s letters by the move task of SQS', async () => {
    await letters(1, { to: 'counter-rule-dead' });
    const answer = await dlq('redrive', 'counter-rule-dead', '--native', '--yes');
    expect(answer).toEqual({ code: 2, text: expect.stringMatching(/WRONG_TARGET.*leave out --native/) });
    expect(await depth('counter-rule-dead')).toBe(1);
  });

  test('B57 a second move of SQS: how far the first one is', async () => {
    const SourceArn = await arn('counter-dead');
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        MaxNumberOfMessagesPerSecond: 1,
        DestinationArn: await arn('unrouted'),
      }),
    );
    const answer = await dlq('redrive', 'counter', '--yes');
    expect(answer).toEqual({ code: 1, text: expect.stringMatching(/MOVE_RUNNING.*0 of 2 letters/) });
  });

  test('B56 another account than the project names for the stage, both masked', async () => {
    file(
      'cdk.json',
      JSON.stringify({ context: { accounts: { dev: '123456789012', production: '000000000000' } } }),
    );
    await checkAccount(awsOf(local), 'production', folder);
    await checkAccount(awsOf(local), 'unnamed', folder);
    await expect(checkAccount(awsOf(local), 'dev', folder)).rejects.toMatchObject({
      code: 'WRONG_ACCOUNT',
      exit: 1,
      message: 'These credentials are of account ********0000, and stage dev is in ********9012',
    });
  });
});
