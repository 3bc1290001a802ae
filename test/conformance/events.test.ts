/** EventBridge: what it takes, what matches, what is delivered, and what becomes of what cannot be. */
import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type PutEventsRequestEntry,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { client, fact, named, RECORDED, refusal } from './fact.ts';
import { aQueue, FIFO, OPEN_TO_EVENTS } from './queues.ts';

const GUIDE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';

/** A bus with a rule for `source: shop` and its targets, and how to publish on it. */
async function ruled(...targets: (Omit<Target, 'Id' | 'Arn'> & { Arn: string })[]) {
  const events = client(EventBridgeClient);
  const bus = named('bus');
  await events.send(new CreateEventBusCommand({ Name: bus }));
  const rule = { EventBusName: bus, Name: 'rule', EventPattern: '{"source":["shop"]}' };
  const { RuleArn } = await events.send(new PutRuleCommand(rule));
  const put = async (...Targets: Target[]) =>
    events.send(new PutTargetsCommand({ EventBusName: bus, Rule: 'rule', Targets }));
  if (targets.length > 0) await put(...targets.map((target, i) => ({ Id: `t${i}`, ...target })));
  return {
    events,
    bus,
    ruleArn: RuleArn!,
    put,
    publish: (detail: object) => publish(bus, { Detail: JSON.stringify(detail) }),
  };
}

const publish = (EventBusName: string, ...entries: PutEventsRequestEntry[]) =>
  client(EventBridgeClient).send(
    new PutEventsCommand({
      Entries: entries.map((entry) => ({
        EventBusName,
        Source: 'shop',
        DetailType: 'placed',
        Detail: '{}',
        ...entry,
      })),
    }),
  );

describe('PutEvents', () => {
  fact('answers for each entry in the order of the request', RECORDED, async () => {
    const { bus } = await ruled();
    const { FailedEntryCount, Entries } = await publish(
      bus,
      {},
      { Source: '' },
      { Detail: '[]' },
      { Detail: '{' },
      {},
    );
    expect(FailedEntryCount).toBe(3);
    expect(Entries!.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      undefined,
    ]);
    expect(Entries![1]!.ErrorMessage).toBe(
      'Parameter Source is not valid. Reason: Source is a required argument.',
    );
    expect(Entries![2]!.ErrorMessage).toBe('Detail is malformed.');
  });

  fact('takes ten entries', RECORDED, async () => {
    const { bus } = await ruled();
    const { name, message } = await refusal(publish(bus, ...Array.from({ length: 11 }, () => ({}))));
    expect(name).toBe('ValidationException');
    expect(message).toMatch(/^1 validation error detected: Value '\[PutEventsRequestEntry\(/);
    expect(message).toMatch(
      /at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10$/,
    );
  });

  fact('to a bus that is not there succeeds', RECORDED, async () => {
    const { FailedEntryCount, Entries } = await publish(named('none'), {});
    expect(FailedEntryCount).toBe(0);
    expect(Entries).toMatchObject([{ EventId: expect.any(String) }]);
  });
});

describe('what is delivered', () => {
  fact('is the envelope in this order, with the id that PutEvents answered', RECORDED, async () => {
    const queue = await aQueue(OPEN_TO_EVENTS);
    const { publish } = await ruled({ Arn: queue.arn });
    const { Entries } = await publish({ total: 1 });
    const envelope = JSON.parse((await queue.next()).Body!);
    expect(Object.keys(envelope)).toEqual(
      'version id detail-type source account time region resources detail'.split(' '),
    );
    expect(envelope).toMatchObject({
      version: '0',
      id: Entries![0]!.EventId,
      resources: [],
      detail: { total: 1 },
    });
    expect(envelope.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  fact('by a path is the value as JSON, with quotes', RECORDED, async () => {
    const queue = await aQueue(OPEN_TO_EVENTS);
    const { publish } = await ruled({ Arn: queue.arn, InputPath: '$.detail.name' });
    await publish({ name: 'baz' });
    expect((await queue.next()).Body).toBe('"baz"');
  });

  fact('by a template has its placeholders filled in', RECORDED, async () => {
    const queue = await aQueue(OPEN_TO_EVENTS);
    const InputTransformer = {
      InputPathsMap: { name: '$.detail.name', list: '$.detail.list', none: '$.detail.none' },
      InputTemplate: '{"text": "is <name>", "name": <name>, "list": <list>, "none": <none>}',
    };
    const { publish } = await ruled({ Arn: queue.arn, InputTransformer });
    await publish({ name: 'baz', list: [1] });
    expect(JSON.parse((await queue.next()).Body!)).toEqual({
      text: 'is baz',
      name: 'baz',
      list: [1],
      none: '',
    });
  });

  fact('to a FIFO queue carries the group of the target', `${GUIDE}/eb-targets.html`, async () => {
    const queue = await aQueue({ ...FIFO, ...OPEN_TO_EVENTS });
    const { publish } = await ruled({ Arn: queue.arn, SqsParameters: { MessageGroupId: 'g' } });
    await publish({});
    expect((await queue.next()).Attributes).toMatchObject({ MessageGroupId: 'g' });
  });

  fact(
    'and cannot be, for want of the target, goes to the dead-letter queue with the reason',
    `${GUIDE}/eb-rule-dlq.html`,
    async () => {
      const dead = await aQueue(OPEN_TO_EVENTS);
      const gone = await aQueue(OPEN_TO_EVENTS);
      const { ruleArn, publish } = await ruled({ Arn: gone.arn, DeadLetterConfig: { Arn: dead.arn } });
      await gone.sqs.send(new DeleteQueueCommand({ QueueUrl: gone.QueueUrl }));
      await publish({ total: 1 });
      const { Body, MessageAttributes } = await dead.next();
      expect(JSON.parse(Body!)).toMatchObject({ source: 'shop', detail: { total: 1 } });
      expect(MessageAttributes).toMatchObject({
        RULE_ARN: { StringValue: ruleArn },
        TARGET_ARN: { StringValue: gone.arn },
        ERROR_CODE: { StringValue: 'NO_RESOURCE' },
        ERROR_MESSAGE: { StringValue: expect.any(String) },
      });
    },
  );

  fact(
    'and is not permitted goes to the dead-letter queue with the reason',
    `${GUIDE}/eb-rule-dlq.html`,
    async () => {
      const dead = await aQueue(OPEN_TO_EVENTS);
      const closed = await aQueue();
      const { publish } = await ruled({ Arn: closed.arn, DeadLetterConfig: { Arn: dead.arn } });
      await publish({});
      expect((await dead.next()).MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      });
    },
  );
});

describe('a rule', () => {
  fact('on a bus that is not there is refused', RECORDED, async () => {
    const bus = named('none');
    const rule = new PutRuleCommand({ EventBusName: bus, Name: 'rule', EventPattern: '{"source":["shop"]}' });
    const missing = { name: 'ResourceNotFoundException', message: `Event bus ${bus} does not exist.` };
    expect(await refusal(client(EventBridgeClient).send(rule))).toMatchObject(missing);
    const described = client(EventBridgeClient).send(new DescribeEventBusCommand({ Name: bus }));
    expect(await refusal(described)).toMatchObject(missing);
  });

  fact('with targets cannot be deleted', RECORDED, async () => {
    const queue = await aQueue();
    const { events, bus } = await ruled({ Arn: queue.arn });
    const deleted = events.send(new DeleteRuleCommand({ EventBusName: bus, Name: 'rule' }));
    expect(await refusal(deleted)).toMatchObject({
      name: 'ValidationException',
      message: "Rule can't be deleted since it has targets.",
    });
  });

  fact('has five targets at most', RECORDED, async () => {
    const { arn: Arn } = await aQueue();
    const { put } = await ruled();
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((Id) => ({ Id, Arn }));
    expect(await refusal(put(...six))).toMatchObject({
      name: 'LimitExceededException',
      message: 'The requested resource exceeds the maximum number allowed.',
    });
  });

  fact('takes a placeholder only if it has its path', RECORDED, async () => {
    const { arn: Arn } = await aQueue();
    const { put } = await ruled();
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"b": <b>}' };
    expect(await refusal(put({ Id: 't', Arn, InputTransformer }))).toMatchObject({
      name: 'ValidationException',
      message: 'InputTemplate for target t contains invalid placeholder b.',
    });
  });
});
