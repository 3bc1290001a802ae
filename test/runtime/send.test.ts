import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SendMessageBatchCommandInput,
} from '@aws-sdk/client-sqs';
import { array, assert, asyncProperty, nat } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../functions/runtime/errors.ts';
import { send } from '../../functions/runtime/publish.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { contractOf } from '../../functions/runtime/contract/catalogue.ts';
import { Add, Tell } from './counter.ts';
import { caught, waitingAmbient } from './rig.ts';

const ambient = () => waitingAmbient(() => Date.UTC(2030, 0, 1), [], {});

describe('send', () => {
  let aws: Local;
  let sqs: SQSClient;
  let queue: string;
  beforeEach(async () => {
    aws = await startLocal();
    sqs = aws.client(SQSClient);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'add.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    queue = QueueUrl!;
  });
  afterEach(() => aws.stop());

  const received = async () =>
    (
      await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
        }),
      )
    ).Messages ?? [];

  test('puts a command on its consumer’s queue, in its group, once', async () => {
    const add = Add({ account: 'a', amount: 1 }, { id: 'same' });
    for (let i = 0; i < 2; i++) await send([add], { sqs, queues: { add: queue }, ambient: ambient() });
    const messages = await received();
    expect(messages.map(({ Body }) => JSON.parse(Body!))).toEqual([add]);
    expect(messages[0]!.Attributes).toMatchObject({
      MessageGroupId: 'a',
      MessageDeduplicationId: 'same',
      AWSTraceHeader: expect.stringContaining('Root=1-'),
    });
  });

  test('commands of one key keep their order whatever fails, those of other keys are not held up', async () => {
    const shuffled = asyncProperty(
      array(nat(9), { maxLength: 12 }),
      array(nat(30), { maxLength: 12 }),
      async (keys, failing) => {
        const commands = keys.map((key, i) => Add({ account: `k${key}`, amount: i }, { id: `c${i}` }));
        const fails = new Set(failing);
        const sent: { account: string; amount: number }[] = [];
        let n = 0;
        const flaky = {
          async send({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) {
            expect(new Set(Entries.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(Entries.length);
            const failed = Entries.filter(() => fails.has(n++));
            for (const { Id, MessageBody } of Entries)
              if (!failed.some((one) => one.Id === Id)) sent.push(JSON.parse(MessageBody!).data);
            return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
          },
        } as unknown as SQSClient;
        if (commands.length > 0)
          await send(commands, { sqs: flaky, queues: { add: queue }, ambient: ambient() });
        expect(sent).toHaveLength(commands.length);
        for (const key of new Set(keys)) {
          const amounts = sent.filter(({ account }) => account === `k${key}`).map(({ amount }) => amount);
          expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
        }
      },
    );
    await assert(shuffled, { numRuns: 50 });
  });

  test('behind a command that is refused for good nothing of its key is sent', async () => {
    const refusing = {
      async send({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) {
        const bad = Entries.filter(({ MessageBody }) => JSON.parse(MessageBody!).id === 'c0');
        return { Failed: bad.map(({ Id }) => ({ Id, Code: 'InvalidMessageContents', SenderFault: true })) };
      },
    } as unknown as SQSClient;
    const commands = ['a', 'a', 'b'].map((account, i) => Add({ account, amount: i }, { id: `c${i}` }));
    const error = await caught(send(commands, { sqs: refusing, queues: { add: queue }, ambient: ambient() }));
    expect(error.rejected.map(({ id, code }) => [id, code])).toEqual([
      ['c0', 'InvalidMessageContents'],
      ['c1', 'BEHIND'],
    ]);
  });

  test('of many commands of one key, those that the budget does not reach are told, and can be sent again', async () => {
    const sent: string[] = [];
    const waiting = ambient();
    const slow = {
      async send({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) {
        waiting.waited += 3_000;
        for (const { MessageBody } of Entries) sent.push(JSON.parse(MessageBody!).id);
        return {};
      },
    } as unknown as SQSClient;
    const commands = Array.from({ length: 6 }, (_, i) => Add({ account: 'a', amount: i }, { id: `c${i}` }));
    const options = { sqs: slow, queues: { add: queue }, ambient: waiting };
    expect(await caught(send(commands, options))).toMatchObject({
      rejected: [
        { index: 4, id: 'c4', code: 'NotSent' },
        { index: 5, id: 'c5', code: 'NotSent' },
      ],
      indeterminate: [],
    });
    await send(commands.slice(4), options);
    expect(sent).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
  });

  test('waves of a queue that throttles share one budget', async () => {
    const waiting = ambient();
    const tries = new Map<string, number>();
    const throttling = {
      async send({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) {
        const Failed = Entries.filter(({ MessageDeduplicationId: id = '' }) => {
          tries.set(id, (tries.get(id) ?? 0) + 1);
          return tries.get(id)! < 8;
        });
        return { Failed: Failed.map(({ Id }) => ({ Id, Code: 'RequestThrottled' })) };
      },
    } as unknown as SQSClient;
    const commands = Array.from({ length: 100 }, (_, i) => Add({ account: 'a', amount: i }, { id: `c${i}` }));
    const from = waiting.now();
    const error = await caught(send(commands, { sqs: throttling, queues: { add: queue }, ambient: waiting }));
    expect(waiting.now() - from).toBeLessThanOrEqual(10_000);
    const unsent = new Set(error.rejected.map(({ index }) => index));
    expect([...unsent]).toEqual(commands.map((_, i) => i).slice(100 - unsent.size));
  });

  test.each([
    ['InvalidMessageContents', true],
    ['InvalidParameterValue', true],
    ['MissingParameter', true],
    ['QueueDoesNotExist', true],
    ['AWS.SimpleQueueService.NonExistentQueue', true],
    ['AWS.SimpleQueueService.UnsupportedOperation', true],
    ['AccessDeniedException', true],
    ['KMS.DisabledException', true],
    ['KmsAccessDenied', true],
    ['KmsNotFound', true],
    ['KmsDisabled', true],
    ['InternalError', false],
    ['ServiceUnavailable', false],
    ['RequestThrottled', false],
    ['OverLimit', false],
    ['KMS.ThrottlingException', false],
    ['KmsThrottled', false],
    ['SomethingNew', false],
  ])('F03 %s, of an entry or of the call: permanent %s', async (code, permanent) => {
    for (const where of ['entry', 'call']) {
      let calls = 0;
      const failing = {
        async send({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) {
          calls++;
          if (where === 'call')
            throw Object.assign(new Error(code), { name: code, $metadata: { httpStatusCode: 400 } });
          return { Failed: Entries.map(({ Id }) => ({ Id, Code: code })) };
        },
      } as unknown as SQSClient;
      const commands = [Add({ account: 'a', amount: 1 }, { id: 'c0' })];
      const sending = send(commands, { sqs: failing, queues: { add: queue }, ambient: ambient() });
      expect(await caught(sending)).toMatchObject({
        rejected: [{ index: 0, id: 'c0', code }],
        indeterminate: [],
      });
      expect(calls === 1).toBe(permanent);
    }
  });

  test('F10 there is no claim check: a command of one byte too many is refused, naming the largest field', async () => {
    const { length } = JSON.stringify(Add({ account: '', amount: 1 }, { id: 'c0' }));
    const sized = (bytes: number) => ({
      ...Add({ account: '', amount: 1 }, { id: 'c0' }),
      data: { account: '漢'.repeat(1000) + 'x'.repeat(bytes - length - 3000), amount: 1 },
    });
    const accepting = { send: async () => ({}) } as unknown as SQSClient;
    const options = { sqs: accepting, queues: { add: queue }, ambient: ambient() };
    await send([sized(1_000_000)], options);
    await expect(send([sized(1_000_001)], options)).rejects.toMatchObject({
      code: 'EVT_TOO_LARGE',
      limit: 1_000_000,
      actual: 1_000_001,
      path: 'data.account',
      hint: expect.stringContaining('reference'),
    });
  });

  test('B15 a type or version that is not in the catalogue is refused with the nearest names', async () => {
    const options = { sqs, queues: { add: queue }, ambient: ambient(), catalogue: [Add, Tell] };
    const unknown = { ...Add({ account: 'a', amount: 1 }), type: 'ad' };
    await expect(send([unknown], options)).rejects.toMatchObject({
      code: 'EVT_UNKNOWN_TYPE',
      message: 'ad is not in the catalogue; the nearest are add, tell',
    });
    const newer = { ...Add({ account: 'a', amount: 1 }), dataschema: 'urn:spillway:add:2' };
    await expect(send([newer], options)).rejects.toMatchObject({
      code: 'EVT_UNKNOWN_TYPE',
      path: 'dataschema',
      limit: 1,
    });
    expect(contractOf('tell', [Add, Tell])).toBe(Tell);
  });

  test('a command without a queue is refused before anything is sent', async () => {
    await expect(
      send([Add({ account: 'a', amount: 1 })], { sqs, queues: {}, ambient: ambient() }),
    ).rejects.toSatisfy((error) => error instanceof Fault && error.code === 'EVT_NO_QUEUE');
  });
});
