import {
  CreateStackCommand,
  DeleteStackCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { parameter, queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

test('a bucket that is not empty holds back only itself: all else of the stack goes', async () => {
  const { after, cfn } = stacksOf(aws);
  const TemplateBody = template({
    Full: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full' } },
    First: queue(),
    Second: parameter({ Ref: 'First' }),
    Third: parameter({ Ref: 'Second' }),
  });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody }));
  await aws.client(S3Client).send(new PutObjectCommand({ Bucket: 'full', Key: 'k', Body: 'b' }));
  expect(await after(new DeleteStackCommand({ StackName: 's' }))).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'The following resource(s) failed to delete: [Full]. ',
  });
  const { StackResourceSummaries = [] } = await cfn.send(new ListStackResourcesCommand({ StackName: 's' }));
  expect(StackResourceSummaries.map((resource) => resource.LogicalResourceId)).toEqual(['Full']);
});

test('a bucket that is not empty outlives an update without it, which says so', async () => {
  const { after } = stacksOf(aws);
  const Full = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full' } };
  const body = (resources: object) => ({ StackName: 's', TemplateBody: template(resources) });
  await after(new CreateStackCommand(body({ Full, Q: queue(), P: parameter('x') })));
  await aws.client(S3Client).send(new PutObjectCommand({ Bucket: 'full', Key: 'k', Body: 'b' }));
  expect(await after(new UpdateStackCommand(body({ P: parameter('x') })))).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    StackStatusReason: 'Update successful. One or more resources could not be deleted.',
  });
});
