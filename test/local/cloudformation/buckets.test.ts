import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetBucketCorsCommand, GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

const bucket = (more: object = {}) =>
  template({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'bucket', ...more } } });
const made = (TemplateBody: string) =>
  stacksOf(aws).after(
    new CreateStackCommand({ StackName: 's', TemplateBody, Tags: [{ Key: 'team', Value: 'a' }] }),
  );

test('the headers that a CORS rule exposes reach the bucket', async () => {
  const rule = { AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposedHeaders: ['ETag'] };
  await made(bucket({ CorsConfiguration: { CorsRules: [rule] } }));
  const { CORSRules } = await aws.client(S3Client).send(new GetBucketCorsCommand({ Bucket: 'bucket' }));
  expect(CORSRules).toMatchObject([{ ExposeHeaders: ['ETag'] }]);
});

test('a bucket has the tags of its stack, its own or not', async () => {
  await made(bucket());
  const { TagSet } = await aws.client(S3Client).send(new GetBucketTaggingCommand({ Bucket: 'bucket' }));
  expect(TagSet).toEqual([{ Key: 'team', Value: 'a' }]);
});

test('what is not modelled of a bucket is refused when it comes later, too', async () => {
  const { after, happened } = stacksOf(aws);
  await made(bucket());
  const TemplateBody = bucket({ WebsiteConfiguration: { IndexDocument: 'i' } });
  await after(new UpdateStackCommand({ StackName: 's', TemplateBody }));
  expect(await happened('s')).toContainEqual(
    expect.stringMatching(/^B UPDATE_FAILED .*does not model WebsiteConfiguration of a bucket/),
  );
});
