import { EventBridgeClient, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  CopyObjectCommand,
} from '@aws-sdk/client-s3';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { behindWire } from './echo.ts';

const s3 = (operations: Parameters<typeof behindWire>[2]) =>
  behindWire('s3', () => import('@aws-sdk/client-s3'), operations);

describe('S3', () => {
  test('a streamed body is put together again, without its chunks', async () => {
    const { client, seen } = await s3({ PutObject: () => ({}) });
    const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.from('end')]);
    await client(S3Client).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body, ContentLength: 70_003 }));
    const input = seen[0]!.input as { Body: Uint8Array; ContentEncoding?: string };
    expect(Buffer.from(input.Body).toString()).toBe(`${'a'.repeat(70_000)}end`);
    expect(input.ContentEncoding).toBeUndefined();
  });

  test('the bucket may be in the host', async () => {
    const { client, seen } = await s3({ PutObject: () => ({}) });
    const virtual = client(S3Client, { forcePathStyle: false, endpoint: 'http://s3.localhost:4566' });
    await virtual.send(new PutObjectCommand({ Bucket: 'my-bucket', Key: 'a/b', Body: 'x' }));
    expect(seen[0]!.input).toMatchObject({ Bucket: 'my-bucket', Key: 'a/b' });
  });

  test('operations of one path are told apart, with and without the SDK’s own hint', async () => {
    const { client, wire, seen } = await s3({
      ListBuckets: () => ({ Buckets: [] }),
      PutObject: () => ({ ETag: 'put' }),
      CopyObject: () => ({ CopyObjectResult: { ETag: 'copied' } }),
      UploadPart: () => ({ ETag: 'part' }),
    });
    await client(S3Client).send(new ListBucketsCommand({}));
    const part = { Bucket: 'b', Key: 'k', UploadId: 'u', PartNumber: 3, Body: 'x' };
    expect(await client(S3Client).send(new UploadPartCommand(part))).toMatchObject({ ETag: 'part' });
    expect(seen[1]!.input).toMatchObject({ UploadId: 'u', PartNumber: 3 });
    const copied = await client(S3Client).send(
      new CopyObjectCommand({ Bucket: 'b', Key: 'k', CopySource: 'b/x' }),
    );
    expect(copied).toMatchObject({ CopyObjectResult: { ETag: 'copied' } });
    const put = (path: string, headers = {}) =>
      wire({ method: 'PUT', path, headers, body: Buffer.from('x') });
    expect((await put('/b/k')).headers['etag']).toBe('put');
    expect((await put('/b/k?uploadId=u&partNumber=1')).headers['etag']).toBe('part');
    expect(Buffer.from((await put('/b/k', { 'x-amz-copy-source': 'b/x' })).body).toString()).toContain(
      'copied',
    );
  });
});

describe('what is missing', () => {
  test('is listed with its place, all of it at once', async () => {
    const { client } = await behindWire('events', () => import('@aws-sdk/client-eventbridge'), {
      PutTargets: () => ({}),
    });
    const Targets = [{ Id: 'a', Arn: 'arn' }, {}] as never;
    await expect(
      client(EventBridgeClient).send(new PutTargetsCommand({ Rule: 'r', Targets })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'targets.2.member.id' failed to satisfy constraint: Member must not be null; Value null at 'targets.2.member.arn' failed to satisfy constraint: Member must not be null",
    });
  });
});

describe('what does not fit', () => {
  const post = async (body: string, target = 'AmazonSQS.SendMessage') => {
    const { wire } = await behindWire('sqs', () => import('@aws-sdk/client-sqs'), {
      SendMessage: () => ({}),
    });
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
    const answer = await wire({ method: 'POST', path: '/', headers, body: Buffer.from(body) });
    return { status: answer.status, ...(JSON.parse(Buffer.from(answer.body).toString()) as object) };
  };

  test.each([
    ['{"QueueUrl":1,"MessageBody":"x"}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"QueueUrl":true,"MessageBody":"x"}', 'TRUE_VALUE can not be converted to a String'],
    [
      '{"QueueUrl":"u","MessageBody":"x","DelaySeconds":"1"}',
      'STRING_VALUE can not be converted to a Number',
    ],
    ['{"QueueUrl":{},"MessageBody":"x"}', 'Start of structure or map found where not expected.'],
    ['[]', 'Unrecognized collection type class java.util.ArrayList'],
    ['{', 'Unable to parse the request body as JSON.'],
  ])('%s', async (body, message) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      __type: expect.stringMatching(/#SerializationException$/),
      message,
    });
  });

  test('members that no model has are passed over, and null is absent', async () => {
    expect(
      await post('{"QueueUrl":"u","MessageBody":"x","DelaySeconds":null,"Nonsense":{"a":[1]}}'),
    ).toMatchObject({ status: 200 });
  });

  test('a member named like what objects inherit does no harm', async () => {
    expect(
      await post('{"QueueUrl":"u","MessageBody":"x","__proto__":{"DelaySeconds":1},"constructor":1}'),
    ).toMatchObject({ status: 200 });
    expect(({} as { DelaySeconds?: number }).DelaySeconds).toBeUndefined();
  });

  test('an operation that no model has, a target that no service has', async () => {
    expect(await post('{}', 'AmazonSQS.Explode')).toMatchObject({
      __type: expect.stringMatching(/UnknownOperationException/),
    });
    expect(await post('{}', 'Nothing.Explode')).toMatchObject({
      status: 501,
      message: expect.stringMatching(/Nothing\.Explode/),
    });
  });

  test('a body in the SDK’s own encoding of a broken path is no fault of ours', async () => {
    const { wire } = await s3({ GetObject: () => ({}) });
    const { status } = await wire({ method: 'GET', path: '/b/%E0%A4%A', headers: {}, body: Buffer.alloc(0) });
    expect(status).toBe(400);
  });
});

describe('faults of our own', () => {
  test('are 500 InternalFailure with their message, and no stack', async () => {
    const { client } = await behindWire('lambda', () => import('@aws-sdk/client-lambda'), {
      ListFunctions: () => {
        throw new TypeError('x is not a function');
      },
    });
    const failure = await client(LambdaClient)
      .send(new ListFunctionsCommand({}))
      .catch((error: Error) => error);
    expect(failure).toMatchObject({
      name: 'InternalFailure',
      message: 'x is not a function',
      $metadata: { httpStatusCode: 500 },
    });
    expect(JSON.stringify(failure)).not.toContain('edges.test.ts');
  });

  test('errors common to all services have the status that AWS gives them', async () => {
    const { client } = await behindWire('sqs', () => import('@aws-sdk/client-sqs'), {
      SendMessage: () => {
        throw new AwsError('ServiceUnavailable', 'Try again.');
      },
    });
    await expect(
      client(SQSClient).send(
        new SendMessageCommand({ QueueUrl: 'http://127.0.0.1:4566/0/q', MessageBody: 'x' }),
      ),
    ).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
  });
});
