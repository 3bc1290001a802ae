import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => void (aws = await eventing()));
afterEach(() => aws.stop());

describe('PutEvents', () => {
  test('answers in the order of the entries, and counts what failed (F01)', async () => {
    const { FailedEntryCount, Entries } = await aws.put({}, { Detail: '[]' }, { Source: '' }, {});
    expect(FailedEntryCount).toBe(2);
    expect(Entries).toEqual([
      { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
      },
      { EventId: expect.any(String) },
    ]);
  });

  const deep = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  test.for(['plain', '[]', '{"a":', '"{}"', '1', '{"a":9223372036854775809e1}', deep(1001)])(
    'Detail must be a JSON object within bounds: %s',
    async (Detail) => {
      const { Entries } = await aws.put({ Detail });
      expect(Entries![0]).toEqual({ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' });
    },
  );

  test('numbers up to 2^63 and a thousand levels are within bounds', async () => {
    const { FailedEntryCount } = await aws.put(
      { Detail: '{"a":-9223372036854775807}' },
      { Detail: deep(1000) },
    );
    expect(FailedEntryCount).toBe(0);
  });

  test.for(['DetailType', 'Detail'] as const)('%s is required', async (member) => {
    const { Entries } = await aws.put({ [member]: undefined });
    expect(Entries![0]).toEqual({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
    });
  });

  test('only AWS itself has sources that begin with aws.', async () => {
    const { Entries } = await aws.put({ Source: 'aws.s3' });
    expect(Entries![0]).toEqual({
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    });
  });

  test('eleven entries are refused together, each of them shown', async () => {
    const entry =
      'PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=t, detail={}, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)';
    const shown = Array.from({ length: 11 }, () => entry).join(', ');
    await expect(aws.put(...Array.from({ length: 11 }, () => ({})))).rejects.toMatchObject({
      name: 'ValidationException',
      message: `1 validation error detected: Value '[${shown}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10`,
    });
  });

  test('a call may have 1 MiB, counted in UTF-8 bytes (F04, F10)', async () => {
    const Detail = (bytes: number) => JSON.stringify({ a: 'é'.repeat((bytes - 8) / 2) });
    const room = 1_048_576 - 'shop'.length - 't'.length - 14 - 'r'.length;
    const entry = { Time: new Date(0), Resources: ['r'] };
    expect(Buffer.byteLength(Detail(room))).toBe(room);
    expect((await aws.put({ ...entry, Detail: Detail(room) })).FailedEntryCount).toBe(0);
    await expect(aws.put({ ...entry, Detail: Detail(room + 2) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
  });

  test('an event for a bus that does not exist is accepted and lost; the others arrive', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    const { FailedEntryCount, Entries } = await aws.put({ EventBusName: 'nowhere' }, {});
    expect(FailedEntryCount).toBe(0);
    const received = await aws.bodies(queue);
    expect(received.map((body) => (JSON.parse(body) as { id: string }).id)).toEqual([Entries![1]!.EventId]);
  });

  test('a bus may be named by its ARN', async () => {
    await aws.bus('b');
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r', EventBusName: 'b' }, { Arn: queue });
    await aws.put({ EventBusName: 'arn:aws:events:eu-west-1:000000000000:event-bus/b' });
    expect(await aws.bodies(queue)).toHaveLength(1);
  });

  test('the envelope has its keys in AWS’s order, its time in whole seconds, its detail compact', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    const { Entries } = await aws.put({
      Time: new Date('2029-05-06T07:08:09.999Z'),
      Resources: ['arn:x'],
      Detail: '{ "b" : 1.0, "a": "two  \\" spaces" }\n',
    });
    expect(await aws.bodies(queue)).toEqual([
      `{"version":"0","id":"${Entries![0]!.EventId}","detail-type":"t","source":"shop","account":"000000000000","time":"2029-05-06T07:08:09Z","region":"eu-west-1","resources":["arn:x"],"detail":{"b":1.0,"a":"two  \\" spaces"}}`,
    ]);
  });

  test('TraceHeader becomes the AWSTraceHeader of messages', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await aws.put({ TraceHeader: 'Root=1-2-3' });
    const [message] = await aws.received(queue);
    expect(message!.Attributes!['AWSTraceHeader']).toBe('Root=1-2-3');
  });

  test('without entries nothing can be put', async () => {
    await expect(aws.events.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
