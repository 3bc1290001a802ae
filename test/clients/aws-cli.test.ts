/** The AWS CLI, version 1, as people type it. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEndpoint, type Endpoint } from './endpoint.ts';
import { missingPython, pythonWith, run } from '../toolchain.ts';

if (missingPython !== undefined) console.warn(`Skipped: ${missingPython}.`);

describe.skipIf(missingPython !== undefined)('the AWS CLI', () => {
  let endpoint: Endpoint;
  let commands: string;
  let folder: string;
  beforeAll(async () => {
    commands = await pythonWith('awscli');
    endpoint = await startEndpoint();
    folder = await mkdtemp(join(tmpdir(), 'spillway-aws-cli-'));
  });
  afterAll(async () => {
    await endpoint?.aws.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** With the address on the line: for SQS this version does not look for it in the environment. */
  const cli = (line: string, ...more: string[]) => {
    const at = ['--endpoint-url', endpoint.env['AWS_ENDPOINT_URL']!];
    return run(join(commands, 'aws'), [...at, ...line.split(' '), ...more], {
      env: endpoint.env,
      cwd: folder,
    });
  };
  const answer = async (line: string, ...more: string[]) => JSON.parse((await cli(line, ...more)) || '{}');
  /** The last line of what it says when it is refused. */
  const refused = (line: string, ...more: string[]) =>
    cli(line, ...more).then(
      () => 'nothing',
      ({ stderr }: { stderr: string }) => stderr.trim(),
    );

  test('sqs: a batch, a receive, a delete, and a queue that is not there', async () => {
    const { QueueUrl } = await answer('sqs create-queue --queue-name plain');
    const entries = JSON.stringify([
      { Id: 'a', MessageBody: 'one', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } },
    ]);
    const batch = await answer(`sqs send-message-batch --queue-url ${QueueUrl} --entries`, entries);
    expect(batch.Successful).toMatchObject([{ Id: 'a' }]);
    const asked = '--attribute-names All --message-attribute-names All';
    const { Messages } = await answer(`sqs receive-message --queue-url ${QueueUrl} ${asked}`);
    expect(Messages).toMatchObject([{ Body: 'one', MessageAttributes: { n: { StringValue: '1' } } }]);
    await cli(`sqs delete-message --queue-url ${QueueUrl} --receipt-handle`, Messages[0].ReceiptHandle);
    expect(await cli(`sqs receive-message --queue-url ${QueueUrl}`)).toBe('');
    expect(await refused('sqs get-queue-url --queue-name none')).toContain(
      'An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist.',
    );
  });

  test('sqs: a FIFO queue keeps order and drops duplicates', async () => {
    const attributes = 'FifoQueue=true,ContentBasedDeduplication=true';
    const { QueueUrl } = await answer(`sqs create-queue --queue-name line.fifo --attributes ${attributes}`);
    for (const body of ['one', 'two', 'two'])
      await cli(`sqs send-message --queue-url ${QueueUrl} --message-group-id g --message-body ${body}`);
    const { Messages } = await answer(
      `sqs receive-message --queue-url ${QueueUrl} --max-number-of-messages 10`,
    );
    expect(Messages.map(({ Body }: { Body: string }) => Body)).toEqual(['one', 'two']);
  });

  test('events: what a rule matches comes to its queue', async () => {
    const entries = JSON.stringify([
      { EventBusName: 'orders', Source: 'shop', DetailType: 'placed', Detail: '{"total": 12.5}' },
    ]);
    expect(await answer('events put-events --entries', entries)).toMatchObject({ FailedEntryCount: 0 });
    const { QueueUrl } = await answer('sqs get-queue-url --queue-name placed');
    const { Messages } = await answer(`sqs receive-message --queue-url ${QueueUrl} --wait-time-seconds 5`);
    expect(JSON.parse(Messages[0].Body)).toMatchObject({ 'detail-type': 'placed', detail: { total: 12.5 } });
  });

  test('dynamodb: put, query, and a condition that fails', async () => {
    const schema = '--key-schema AttributeName=pk,KeyType=HASH';
    const types = '--attribute-definitions AttributeName=pk,AttributeType=S';
    await cli(`dynamodb create-table --table-name things ${schema} ${types} --billing-mode PAY_PER_REQUEST`);
    await cli('dynamodb wait table-exists --table-name things');
    const put = 'dynamodb put-item --table-name things --item {"pk":{"S":"a"},"n":{"N":"1.50"}}';
    await cli(put);
    const query = 'dynamodb query --table-name things --expression-attribute-values {":pk":{"S":"a"}}';
    expect(await answer(`${query} --key-condition-expression`, 'pk = :pk')).toMatchObject({
      Count: 1,
      Items: [{ n: { N: '1.5' } }],
    });
    expect(await refused(`${put} --condition-expression attribute_not_exists(pk)`)).toContain(
      'An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed',
    );
  });

  test('s3: small and large files there and back, presigned, and listed', async () => {
    await writeFile(join(folder, 'small'), 'bytes');
    await writeFile(join(folder, 'large'), Buffer.alloc(9 * 2 ** 20, 'x'));
    await cli('s3 mb s3://things');
    await cli('s3 cp . s3://things/a/ --recursive');
    await cli('s3 cp s3://things/a/large back');
    expect(readFileSync(join(folder, 'back')).equals(readFileSync(join(folder, 'large')))).toBe(true);
    expect(await cli('s3 ls s3://things/a/')).toMatch(/ 9437184 large\n.* 5 small\n$/);
    const url = (await cli('s3 presign s3://things/a/small')).trim();
    expect(await (await fetch(url)).text()).toBe('bytes');
    expect(await cli('s3 sync . s3://things/a/ --exclude back')).toBe('');
    expect(await refused('s3api head-object --bucket things --key none')).toContain('(404)');
    await cli('s3 rb s3://things --force');
  });

  test('lambda: invoked, and what it says when it fails', async () => {
    const invoked = await answer('lambda invoke --function-name fails --log-type Tail out.json');
    expect(invoked).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
    });
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toMatchObject({ errorMessage: 'no' });
    expect(Buffer.from(invoked.LogResult, 'base64').toString()).toMatch(/^START RequestId: /);
  });
});
