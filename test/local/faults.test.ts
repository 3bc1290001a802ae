import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { bundle, startFunctions } from './lambda/fixture.ts';
import { startLocal, type Fault } from '../../local/index.ts';

const put = new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' });
const read = new GetParameterCommand({ Name: '/a' });

async function withFaults(...faults: Fault[]) {
  const aws = await startLocal({ faults });
  return { aws, ssm: aws.client(SSMClient) };
}

test('a lost answer leaves the caller in the dark, yet the operation ran (F02)', async () => {
  const { ssm } = await withFaults({ fault: 'lost', service: 'ssm', operation: 'PutParameter' });
  await expect(ssm.send(put)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(ssm.send(read)).resolves.toMatchObject({ Parameter: { Value: 'b' } });
});

test('an error strikes before the operation runs, with the code that was asked for', async () => {
  const { ssm } = await withFaults({
    fault: 'error',
    operation: 'Put*',
    code: 'InternalServerError',
    status: 500,
    times: 1,
  });
  await expect(ssm.send(put)).rejects.toMatchObject({
    name: 'InternalServerError',
    $metadata: { httpStatusCode: 500 },
  });
  await expect(ssm.send(read)).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('a fault strikes its target, its caller and its span of time only', async () => {
  const { aws, ssm } = await withFaults(
    { fault: 'error', target: 'arn:aws:ssm:*:parameter/other' },
    { fault: 'error', caller: 'events.amazonaws.com' },
    { fault: 'error', operation: 'GetParameter', after: '1h', lasts: '1h', code: 'Later' },
  );
  await ssm.send(put);
  await expect(ssm.send(read)).resolves.toMatchObject({ Parameter: { Value: 'b' } });
  await aws.advance('1h');
  await expect(ssm.send(read)).rejects.toMatchObject({ name: 'Later' });
  await aws.advance('1h');
  await expect(ssm.send(read)).resolves.toMatchObject({ Parameter: { Value: 'b' } });
});

test('a delay passes in virtual time', async () => {
  const { aws, ssm } = await withFaults({ fault: 'delay', by: '3s', operation: 'PutParameter' });
  let done = false;
  const sent = ssm.send(put).then(() => (done = true));
  await aws.advance('2s');
  expect(done).toBe(false);
  await aws.advance('1s');
  await sent;
});

const outcomes = async (seed: number) => {
  const aws = await startLocal({ seed, faults: [{ fault: 'error', probability: 0.5 }] });
  const ssm = aws.client(SSMClient);
  const names: string[] = [];
  for (let i = 0; i < 20; i++)
    names.push(
      await ssm.send(read).then(
        () => 'fine',
        ({ name }: Error) => name,
      ),
    );
  return names;
};

test('the same seed strikes the same calls', async () => {
  const first = await outcomes(7);
  expect(new Set(first)).toEqual(new Set(['ParameterNotFound', 'InternalFailure']));
  expect(await outcomes(7)).toEqual(first);
  expect(await outcomes(8)).not.toEqual(first);
});

test('a batch fails in part: EventBridge at the index of each entry, SQS by its id (F01)', async () => {
  const { aws } = await withFaults({ fault: 'partial', probability: 0.5 });
  const Entries = Array.from({ length: 10 }, (_, i) => ({
    Source: 's',
    DetailType: 't',
    Detail: `{"i":${i}}`,
  }));
  const put = await aws.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
  const failed = put.Entries!.filter(({ ErrorCode }) => ErrorCode === 'InternalFailure').length;
  expect(put.Entries).toHaveLength(10);
  expect(put.FailedEntryCount).toBe(failed);
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThan(10);

  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const messages = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `${i}` }));
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: messages }));
  const ids = [...sent.Successful!, ...sent.Failed!].map(({ Id }) => Number(Id)).toSorted((a, b) => a - b);
  expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sent.Failed!.length).toBeGreaterThan(0);
});

test('when every entry fails, none runs', async () => {
  const { aws } = await withFaults({ fault: 'partial', service: 'sqs' });
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const sent = await sqs.send(
    new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] }),
  );
  expect(sent.Failed).toMatchObject([{ Id: 'a', SenderFault: false }]);
});

test('a function whose call’s answer was lost tries again, and the call ran twice (F02)', async () => {
  const aws = await startFunctions();
  await aws.make(
    await bundle(`
      import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
      const ssm = new SSMClient();
      export const handler = async () =>
        (await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String', Overwrite: true }))).Version;`),
  );
  aws.world.faults.set([{ fault: 'lost', operation: 'PutParameter', times: 1 }]);
  const answered = aws.invoke();
  await aws.advance('3s');
  expect((await answered).payload).toBe(2);
  await aws.stop();
});
