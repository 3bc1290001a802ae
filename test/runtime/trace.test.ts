import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { publish } from '../../functions/runtime/publish.ts';
import { Counted, counter, Paid } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { enveloped } from './rig.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const XRAY = 'Root=1-4bf92f35-77b34da6a3ce929d0e0e4736';

let rig: RelayRig;
beforeEach(async () => {
  rig = await startRelayRig();
});
afterEach(() => rig.stop());

/** The messages of a queue, with the header that X-Ray reads. */
async function traced(QueueUrl: string): Promise<{ header: string | undefined; event: CloudEvent }[]> {
  await rig.aws.advance('1s');
  const { Messages = [] } = await rig.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  return Messages.map(({ Body = '', Attributes }) => {
    const body = JSON.parse(Body);
    return { header: Attributes?.AWSTraceHeader, event: body.detail ?? body };
  });
}

test('one trace goes from the producer through bus, queue, consumer and outbox to the next queue, in both notations', async () => {
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
  await publish([Counted({ account: 'a', sum: 0 }, { traceparent })], { ...rig, bus: 'bus' });
  const [first] = await traced(rig.deadLetters.url);
  expect(first!.header).toBe(`${XRAY};Parent=00f067aa0ba902b7;Sampled=1`);

  await rig.put(enveloped(Paid({ account: 'a', amount: 1 }, { traceparent, id: 'paid' })));
  await rig.poll(counter(rig));
  await rig.relay(await rig.streamed());
  for (const url of [rig.deadLetters.url, rig.tellUrl]) {
    const { header, event } = (await traced(url)).at(-1)!;
    const [, trace, parent] = event.traceparent.split('-');
    expect([trace, event.causationid]).toEqual([TRACE, 'paid']);
    expect(header).toBe(`${XRAY};Parent=${parent};Sampled=1`);
  }
});

test('a dead letter keeps the trace of its message', async () => {
  const AWSTraceHeader = `${XRAY};Parent=00f067aa0ba902b7;Sampled=1`;
  await rig.sqs.send(
    new SendMessageCommand({
      QueueUrl: rig.queue.url,
      MessageBody: 'no json',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader } },
    }),
  );
  await rig.poll(counter(rig));
  expect((await rig.dead()).map(({ attributes }) => attributes.AWSTraceHeader)).toEqual([AWSTraceHeader]);
});

test('what comes without a trace, or with a broken one, gets its own', async () => {
  await rig.put(enveloped({ ...Paid({ account: 'a', amount: 1 }, { id: 'one' }), traceparent: 'rubbish' }));
  await rig.poll(counter(rig));
  const [told] = await rig.outbox();
  expect(told!.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});
