import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';

const Bucket = 'my-bucket';
const own = `arn:aws:s3:::${Bucket}`;
const reading = {
  Effect: 'Allow',
  Principal: { AWS: '000000000000' },
  Action: 's3:GetObject',
  Resource: `${own}/*`,
};

async function refusal(Policy: string): Promise<Error | undefined> {
  const aws = await startLocal();
  const s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const error = await s3.send(new PutBucketPolicyCommand({ Bucket, Policy })).then(
    () => undefined,
    (found: Error) => found,
  );
  await aws.stop();
  return error;
}

test.each([
  ['no JSON', 'Allow', "Policies must be valid JSON and the first byte must be '{'"],
  ['nobody', { Principal: undefined }, 'Missing required field Principal'],
  ['nothing', { Resource: undefined }, 'Statement is missing required element'],
  ['another bucket', { Resource: 'arn:aws:s3:::other/*' }, 'Policy has invalid resource'],
  [
    'objects of the bucket itself',
    { Resource: own },
    'Action does not apply to any resource(s) in statement',
  ],
  [
    'listing of objects',
    { Action: 's3:ListBucket' },
    'Action does not apply to any resource(s) in statement',
  ],
])('a bucket policy about %s is malformed', async (_what, given, message) => {
  const Policy =
    typeof given === 'string' ? given : JSON.stringify({ Statement: [{ ...reading, ...given }] });
  expect(await refusal(Policy)).toMatchObject({ name: 'MalformedPolicy', message });
});

test.each([
  ['objects', {}],
  ['the bucket and its objects', { Action: ['s3:GetObject', 's3:ListBucket'], Resource: [own, `${own}/*`] }],
  ['everything', { Action: 's3:*', Resource: '*' }],
])('a bucket policy may be about %s', async (_what, given) => {
  expect(await refusal(JSON.stringify({ Statement: [{ ...reading, ...given }] }))).toBeUndefined();
});
