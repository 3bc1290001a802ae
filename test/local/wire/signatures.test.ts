import { createHmac } from 'node:crypto';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { isOlderSignedBy, olderClaimOf } from '../../../local/wire/signature-v2.ts';
import { withRole } from '../iam/role.ts';

const started = () => startLocal({ policies: 'enforced' });
const wrong = { credentials: { accessKeyId: 'test', secretAccessKey: 'guess' } };
const stranger = { credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' } };
const callers = [
  ['JSON', (aws, more) => aws.client(SQSClient, more).send(new ListQueuesCommand({}))],
  ['Query', (aws, more) => aws.client(IAMClient, more).send(new CreateUserCommand({ UserName: 'x' }))],
  ['REST JSON', (aws, more) => aws.client(LambdaClient, more).send(new ListFunctionsCommand({}))],
  ['REST XML', (aws, more) => aws.client(S3Client, more).send(new ListBucketsCommand({}))],
] satisfies [string, (aws: Awaited<ReturnType<typeof started>>, more: object) => Promise<unknown>][];

test.each(callers)('the right signature is accepted: %s', async (_protocol, call) => {
  await expect(call(await started(), {})).resolves.toBeDefined();
});

test.each([
  ['JSON', 'InvalidSignatureException', 400],
  ['Query', 'SignatureDoesNotMatch', 403],
  ['REST JSON', 'InvalidSignatureException', 403],
  ['REST XML', 'SignatureDoesNotMatch', 403],
])('a wrong one is refused in the words of the protocol: %s', async (protocol, name, httpStatusCode) => {
  const call = callers.find(([one]) => one === protocol)![1];
  await expect(call(await started(), wrong)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(
      /^The request signature we calculated does not match the signature you provided\./,
    ),
    $metadata: { httpStatusCode },
  });
});

test.each([
  ['JSON', 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  ['Query', 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
  ['REST JSON', 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  ['REST XML', 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
])('a key that nobody has is refused: %s', async (protocol, name, message) => {
  const call = callers.find(([one]) => one === protocol)![1];
  await expect(call(await started(), stranger)).rejects.toMatchObject({ name, message });
});

test('awkward paths, queries, headers and bodies are signed alike on both sides', async () => {
  const aws = await started();
  const s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'b-1' }));
  const key = "a b/ä+&='(1)!*~/%41";
  await s3.send(new PutObjectCommand({ Bucket: 'b-1', Key: key, Body: 'x', Metadata: { two: 'a  b' } }));
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  await expect(
    aws
      .client(LambdaClient)
      .send(
        new GetFunctionCommand({ FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:f:live' }),
      ),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

const unsigned = {
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
  body: Buffer.from('{}'),
};

test('an unsigned request is refused, unless nothing is enforced', async () => {
  const strict = await (await started()).world.wire(unsigned);
  expect(strict.status).toBe(400);
  expect(JSON.parse(Buffer.from(strict.body).toString())).toMatchObject({
    __type: expect.stringMatching(/#MissingAuthenticationTokenException$/),
    message: 'Missing Authentication Token',
  });
  const open = await (await startLocal({ policies: 'off' })).world.wire(unsigned);
  expect(open.status).toBe(200);
});

test('a request signed in part is told what is missing', async () => {
  const aws = await started();
  const headers = {
    ...unsigned.headers,
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20300101/eu-west-1/sqs/aws4_request',
  };
  const { body } = await aws.world.wire({ ...unsigned, headers });
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
    __type: expect.stringMatching(/IncompleteSignature/),
    message:
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  });
});

test('a body that was changed on the way is refused', async () => {
  const aws = await started();
  const client = aws.client(SQSClient, {
    requestHandler: {
      handle: async (request: { body: unknown }) => {
        const { requestHandler } = await import('../../../local/wire/in-process.ts');
        return requestHandler(aws.world.wire).handle({
          ...request,
          body: '{"QueueNamePrefix":"x"}',
        } as never);
      },
    },
  });
  await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
});

test('a signature is good for fifteen minutes, by the clock of this AWS', async () => {
  const aws = await started();
  const at = (seconds: number) => {
    const sqs = aws.client(SQSClient);
    const offset = aws.world.clock.now() - Date.now() + seconds * 1000;
    Object.defineProperty(sqs.config, 'systemClockOffset', { get: () => offset, set: () => {} });
    return sqs.send(new ListQueuesCommand({}));
  };
  await expect(at(-14 * 60)).resolves.toBeDefined();
  await expect(at(14 * 60)).resolves.toBeDefined();
  await expect(at(-16 * 60)).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    message: expect.stringMatching(
      /^Signature expired: 2029\d{4}T\d{6}Z is now earlier than 20291231T234500Z \(20300101T000000Z - 15 min\.\)$/,
    ),
  });
  await expect(at(16 * 60)).rejects.toMatchObject({
    message: expect.stringMatching(/^Signature not yet current: /),
  });
});

test('a client of the machine’s clock goes on after time was skipped', async () => {
  const aws = await startLocal({ policies: 'enforced', clock: 'real' });
  const endpoint = await aws.listen(0);
  await aws.advance('14d');
  const sqs = new SQSClient({
    region: 'eu-west-1',
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await expect(sqs.send(new ListQueuesCommand({}))).resolves.toBeDefined();
  await aws.stop();
});

test('a request for a region that there cannot be is refused', async () => {
  const aws = await started();
  await expect(
    aws.client(SQSClient, { region: 'nowhere' }).send(new ListQueuesCommand({})),
  ).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    message: "Credential should be scoped to a valid region, not 'nowhere'. ",
  });
});

test('a user signs with its own key until it is switched off', async () => {
  const aws = await started();
  const iam = aws.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const sts = aws.client(STSClient, { credentials });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/ann',
  });
  await iam.send(
    new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: credentials.accessKeyId, Status: 'Inactive' }),
  );
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

test('credentials of a role work with their token, and for as long as they last', async () => {
  const aws = await started();
  const RoleArn = await withRole(aws, { trust: { AWS: '000000000000' } });
  const { Credentials, AssumedRoleUser } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 900 }));
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/worker/me');
  expect(Credentials?.Expiration).toEqual(new Date(aws.world.clock.now() + 900_000));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const identity = (given: object) =>
    aws.client(STSClient, { credentials: given }).send(new GetCallerIdentityCommand({}));
  expect(await identity(credentials)).toMatchObject({ Arn: AssumedRoleUser!.Arn });
  await expect(identity({ ...credentials, sessionToken: 'other' })).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
  await aws.advance('15m');
  await expect(identity(credentials)).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
});

test('the owner gets session credentials, which are the owner’s', async () => {
  const aws = await started();
  const { Credentials } = await aws.client(STSClient).send(new GetSessionTokenCommand({}));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  await expect(
    aws.client(SQSClient, { credentials }).send(new GetQueueUrlCommand({ QueueName: 'none' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('an address presigned by version 2, as boto3 does, is good for S3 until it expires', async () => {
  const aws = await started();
  const s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'things' }));
  await s3.send(new PutObjectCommand({ Bucket: 'things', Key: 'a', Body: 'bytes' }));
  const expires = aws.world.clock.now() / 1000 + 60;
  const get = async (path: string, secret = 'test') => {
    const signature = createHmac('sha1', secret).update(`GET\n\n\n${expires}\n${path}`).digest('base64');
    const query = new URLSearchParams({
      AWSAccessKeyId: 'test',
      Signature: signature,
      Expires: `${expires}`,
    });
    const request = {
      method: 'GET',
      path: `${path}?${query.toString()}`,
      headers: {},
      body: new Uint8Array(),
    };
    const { status, body } = await aws.world.wire(request);
    return [status, /<Message>.{22}/.exec(Buffer.from(body).toString())?.[0] ?? Buffer.from(body).toString()];
  };
  expect(await get('/things/a')).toEqual([200, 'bytes']);
  expect(await get('/things/a', 'guess')).toEqual([403, '<Message>The request signature ']);
  await aws.advance('61s');
  expect(await get('/things/a')).toEqual([403, '<Message>Request has expired</M']);
});

test("the documentation's example of version 2 is signed alike", () => {
  const path =
    '/johnsmith/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620';
  const request = { method: 'GET', path, headers: {}, body: new Uint8Array() };
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  expect(isOlderSignedBy(secret, olderClaimOf(request)!, request)).toBe(true);
});
