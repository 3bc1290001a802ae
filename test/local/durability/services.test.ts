import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import * as SQS from '@aws-sdk/client-sqs';
import * as SSM from '@aws-sdk/client-ssm';
import * as STS from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { startKept, type Kept } from './killed.ts';

const sqs = (aws: Kept) => aws.client(SQS.SQSClient);

test('S3 keeps buckets, their settings and every version', async () => {
  const aws = await startKept();
  const s3 = aws.client(S3.S3Client);
  await s3.send(new S3.CreateBucketCommand({ Bucket: 'assets' }));
  await s3.send(
    new S3.PutBucketVersioningCommand({
      Bucket: 'assets',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  for (const Body of ['one', 'two'])
    await s3.send(
      new S3.PutObjectCommand({ Bucket: 'assets', Key: 'a/b c', Body, ContentType: 'text/plain' }),
    );
  await s3.send(new S3.PutObjectCommand({ Bucket: 'assets', Key: 'gone', Body: 'x' }));
  await s3.send(new S3.DeleteObjectCommand({ Bucket: 'assets', Key: 'gone' }));

  const next = (await aws.killed()).client(S3.S3Client);
  const object = await next.send(new S3.GetObjectCommand({ Bucket: 'assets', Key: 'a/b c' }));
  expect([await object.Body!.transformToString(), object.ContentType]).toEqual(['two', 'text/plain']);
  const listed = (client: S3.S3Client) => client.send(new S3.ListObjectVersionsCommand({ Bucket: 'assets' }));
  const { Versions, DeleteMarkers } = await listed(next);
  expect({ Versions, DeleteMarkers }).toEqual(
    (({ Versions, DeleteMarkers }) => ({ Versions, DeleteMarkers }))(await listed(s3)),
  );
  expect(DeleteMarkers).toHaveLength(1);
});

test('S3 keeps uploads that are not finished, part by part', async () => {
  const aws = await startKept();
  const s3 = aws.client(S3.S3Client);
  const object = { Bucket: 'assets', Key: 'large' };
  await s3.send(new S3.CreateBucketCommand({ Bucket: 'assets' }));
  const { UploadId } = await s3.send(
    new S3.CreateMultipartUploadCommand({ ...object, ContentType: 'text/plain' }),
  );
  const part = (on: S3.S3Client, PartNumber: number, Body: string) =>
    on.send(new S3.UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
  for (const [PartNumber, Body] of ['a', 'bc'].entries()) await part(s3, PartNumber + 1, Body);

  const next = (await aws.killed()).client(S3.S3Client);
  const { Parts = [] } = await next.send(new S3.ListPartsCommand({ ...object, UploadId }));
  expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  // Only the last part of an object may be small.
  const MultipartUpload = { Parts: [{ PartNumber: 2, ETag: Parts[1]!.ETag }] };
  await next.send(new S3.CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
  const { Body, ContentType } = await next.send(new S3.GetObjectCommand(object));
  expect([await Body!.transformToString(), ContentType]).toEqual(['bc', 'text/plain']);
});

test('parameters, roles with their policies, access keys and temporary credentials are kept', async () => {
  const aws = await startKept();
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });
  const iam = aws.client(IAM.IAMClient);
  await iam.send(new IAM.CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust }));
  await iam.send(
    new IAM.PutRolePolicyCommand({
      RoleName: 'reader',
      PolicyName: 'read',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }],
      }),
    }),
  );
  await aws
    .client(SSM.SSMClient)
    .send(new SSM.PutParameterCommand({ Name: '/shop/a', Value: '1', Type: 'String' }));
  await aws
    .client(SSM.SSMClient)
    .send(new SSM.PutParameterCommand({ Name: '/shop/a', Value: '2', Type: 'String', Overwrite: true }));
  const { Credentials } = await aws.client(STS.STSClient).send(
    new STS.AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/reader',
      RoleSessionName: 'me',
    }),
  );
  const next = await aws.killed();
  const ssm = next.client(SSM.SSMClient, {
    credentials: {
      accessKeyId: Credentials!.AccessKeyId,
      secretAccessKey: Credentials!.SecretAccessKey,
      sessionToken: Credentials!.SessionToken,
    },
  });
  const { Parameter } = await ssm.send(new SSM.GetParameterCommand({ Name: '/shop/a' }));
  expect(Parameter).toMatchObject({ Value: '2', Version: 2 });
  await expect(ssm.send(new SSM.DeleteParameterCommand({ Name: '/shop/a' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

describe('CloudFormation', () => {
  const template = (queues: string[]) =>
    JSON.stringify({
      Resources: Object.fromEntries(queues.map((name) => [name, { Type: 'AWS::SQS::Queue' }])),
      Outputs: { First: { Value: { 'Fn::GetAtt': [queues[0], 'Arn'] }, Export: { Name: 'first' } } },
    });
  const cfn = (aws: Kept) => aws.client(CloudFormation.CloudFormationClient);
  const status = async (aws: Kept) =>
    (await cfn(aws).send(new CloudFormation.DescribeStacksCommand({ StackName: 'shop' }))).Stacks![0]!;

  test('a stack is as it was deployed, with its events, and can be updated', async () => {
    const aws = await startKept();
    await cfn(aws).send(
      new CloudFormation.CreateStackCommand({ StackName: 'shop', TemplateBody: template(['A', 'B']) }),
    );
    await aws.advance('1m');
    const next = await aws.killed();
    expect(await status(next)).toEqual({ ...(await status(aws)) });
    const eventsOf = async (at: Kept) =>
      (await cfn(at).send(new CloudFormation.DescribeStackEventsCommand({ StackName: 'shop' }))).StackEvents;
    expect(await eventsOf(next)).toEqual(await eventsOf(aws));
    await cfn(next).send(
      new CloudFormation.UpdateStackCommand({ StackName: 'shop', TemplateBody: template(['A']) }),
    );
    await next.advance('1m');
    expect((await status(next)).StackStatus).toBe('UPDATE_COMPLETE');
    const { QueueUrls } = await sqs(next).send(new SQS.ListQueuesCommand({}));
    expect(QueueUrls).toHaveLength(1);
  });

  test('a creation that was under way is rolled back', async () => {
    const aws = await startKept({
      faults: [{ fault: 'delay', service: 'sqs', operation: 'CreateQueue', target: '*B*', by: '1h' }],
    });
    await cfn(aws).send(
      new CloudFormation.CreateStackCommand({ StackName: 'shop', TemplateBody: template(['A', 'B']) }),
    );
    await aws.advance('1m');
    expect((await status(aws)).StackStatus).toBe('CREATE_IN_PROGRESS');
    const next = await aws.killed({ faults: [] });
    await next.advance('1m');
    expect((await status(next)).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await sqs(next).send(new SQS.ListQueuesCommand({}))).QueueUrls).toBeUndefined();
  });
});
