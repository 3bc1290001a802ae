/** Lambda: calls, and the mapping from a queue, as the runtime of the consumers relies on them. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
  type CreateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect } from 'vitest';
import { zip } from '../local/lambda/fixture.ts';
import { client, eventually, fact, named, pass, RECORDED, refusal } from './fact.ts';
import { aQueue, withDeadLetters, type Queue } from './queues.ts';

const GUIDE = 'https://docs.aws.amazon.com/lambda/latest/dg';

let role: string;
beforeAll(async () => {
  const iam = client(IAMClient);
  const RoleName = named('role');
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  role = (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))).Role!.Arn!;
  const allowed = { Effect: 'Allow', Action: ['sqs:*', 'logs:*'], Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
});

/** A function whose handler has this body, of `event`. */
async function aFunction(body: string): Promise<string> {
  const FunctionName = named('function');
  const lambda = client(LambdaClient);
  await eventually(() =>
    lambda
      .send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'nodejs22.x',
          Role: role,
          Handler: 'index.handler',
          Code: { ZipFile: zip({ 'index.js': `exports.handler = async (event) => { ${body} };` }) },
          Timeout: 1,
        }),
      )
      .catch(({ name }: Error) => {
        expect(name).toBe('InvalidParameterValueException'); // a new role takes its time on AWS
        return undefined;
      }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  return FunctionName;
}

const invoke = async (FunctionName: string, payload: unknown = {}) => {
  const { Payload, ...answer } = await client(LambdaClient).send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
  );
  return { ...answer, payload: JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') };
};

/** Feeds a function from a queue, once the mapping is enabled. */
async function mapped(body: string, queue: Queue, more: Partial<CreateEventSourceMappingCommandInput> = {}) {
  const lambda = client(LambdaClient);
  const FunctionName = await aFunction(body);
  const mapping = { FunctionName, EventSourceArn: queue.arn, ...more };
  const { UUID } = await lambda.send(new CreateEventSourceMappingCommand(mapping));
  await eventually(async () => {
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return State === 'Enabled' ? true : undefined;
  });
  return mapping;
}

const sent = ({ sqs, QueueUrl }: Queue, ...texts: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: texts.map((MessageBody, i) => ({ Id: `m${i}`, MessageBody })),
    }),
  );
const empty = async ({ counts }: Queue) =>
  expect(await eventually(async () => ((await counts()).join() === '0,0,0' ? 'empty' : undefined))).toBe(
    'empty',
  );

describe('an invocation', () => {
  fact('answers what the handler returns, and null for nothing', RECORDED, async () => {
    expect(await invoke(await aFunction('return event.a'), { a: [1] })).toMatchObject({
      StatusCode: 200,
      payload: [1],
    });
    expect((await invoke(await aFunction(''))).payload).toBeNull();
  });

  fact('that throws is a success that says so', RECORDED, async () => {
    const answer = await invoke(await aFunction("throw new TypeError('no')"));
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: {
        errorType: 'TypeError',
        errorMessage: 'no',
        trace: expect.arrayContaining(['TypeError: no']),
      },
    });
  });

  fact('is ended at its time-out', RECORDED, async () => {
    const name = await aFunction('await new Promise((resolve) => setTimeout(resolve, 60_000))');
    const running = invoke(name);
    await pass(1.1);
    expect(await running).toMatchObject({
      FunctionError: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
      },
    });
  });

  fact('of a function that is not there is refused', RECORDED, async () => {
    expect(await refusal(invoke(named('none')))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringMatching(/^Function not found: arn:aws:lambda:.*:function:none-.*:\$LATEST$/),
    });
  });
});

describe('a mapping from a queue', () => {
  fact('deletes what was handled', `${GUIDE}/with-sqs.html`, async () => {
    const queue = await aQueue();
    await mapped('', queue);
    await sent(queue, 'a', 'b');
    await empty(queue);
  });

  fact('leaves what failed to the visibility time-out and the redrive policy', RECORDED, async () => {
    const { dead, source } = await withDeadLetters(2);
    await mapped("throw new Error('no')", source);
    const { MessageId } = await source.send('a');
    const { MessageId: id, Attributes } = await dead.next();
    expect([id, Attributes!['ApproximateReceiveCount']]).toEqual([MessageId, '3']);
  });

  fact('keeps only the reported of a batch', `${GUIDE}/services-sqs-errorhandling.html`, async () => {
    const { dead, source } = await withDeadLetters(1);
    const body =
      "return { batchItemFailures: event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) }";
    await mapped(body, source, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await sent(source, 'good', 'bad', 'fine');
    expect((await dead.next()).Body).toBe('bad');
    await empty(source);
    expect(await dead.receive()).toEqual([]);
  });

  fact('keeps the whole batch when the report names what is not in it', RECORDED, async () => {
    const { dead, source } = await withDeadLetters(1);
    const body = "return { batchItemFailures: [{ itemIdentifier: 'x' }] }";
    await mapped(body, source, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await source.send('a');
    expect((await dead.next()).Body).toBe('a');
  });

  fact('deletes what its filter refuses', `${GUIDE}/invocation-eventfiltering.html`, async () => {
    const { dead, source } = await withDeadLetters(1);
    const Filters = [{ Pattern: JSON.stringify({ body: { keep: [true] } }) }];
    await mapped("throw new Error('no')", source, { FilterCriteria: { Filters } });
    await sent(source, '{"keep":false}', 'text', '{"keep":true}');
    expect((await dead.next()).Body).toBe('{"keep":true}');
    await empty(source);
    expect(await dead.receive()).toEqual([]);
  });

  fact('is made once for a queue and a function', RECORDED, async () => {
    const mapping = await mapped('', await aQueue());
    const again = client(LambdaClient).send(new CreateEventSourceMappingCommand(mapping));
    expect(await refusal(again)).toMatchObject({
      name: 'ResourceConflictException',
      message: expect.stringMatching(
        /^An event source mapping with SQS arn \(" .* "\) and function \(" .* "\) already exists\. Please update or delete the existing mapping with UUID /,
      ),
    });
  });

  fact('of more than ten at once needs a window', RECORDED, async () => {
    const { arn: EventSourceArn } = await aQueue();
    const mapping = { FunctionName: await aFunction(''), EventSourceArn, BatchSize: 11 };
    expect(
      await refusal(client(LambdaClient).send(new CreateEventSourceMappingCommand(mapping))),
    ).toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    });
  });
});
