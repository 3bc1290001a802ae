import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { outputsOf, queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
  const s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
  const Body = template(
    { Q: queue({ DelaySeconds: { Ref: 'Delay' } }) },
    { Parameters: { Delay: { Type: 'Number' } }, Outputs: { Delay: { Value: { Ref: 'Delay' } } } },
  );
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'inner.json', Body }));
});
afterEach(() => aws.stop());

const outer = (Delay: number) =>
  template(
    {
      Inner: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          TemplateURL: 'https://s3.eu-west-1.amazonaws.com/templates/inner.json',
          Parameters: { Delay },
        },
      },
    },
    { Outputs: { Delay: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Delay'] } } } },
  );

test('a nested stack lives, changes and goes with the stack around it', async () => {
  const { after, cfn } = stacksOf(aws);
  const created = await after(new CreateStackCommand({ StackName: 's', TemplateBody: outer(1) }));
  expect(outputsOf(created)).toEqual({ Delay: '1' });
  const updated = await after(new UpdateStackCommand({ StackName: 's', TemplateBody: outer(2) }));
  expect(outputsOf(updated)).toEqual({ Delay: '2' });
  await after(new DeleteStackCommand({ StackName: 's' }));
  expect((await cfn.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  expect((await aws.client(SQSClient).send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
});

test('a nested stack that fails takes the one around it back', async () => {
  const { after, happened, cfn } = stacksOf(aws);
  const stack = await after(new CreateStackCommand({ StackName: 's', TemplateBody: outer(901) }));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await happened('s')).toContainEqual(
    expect.stringMatching(
      /^Inner CREATE_FAILED \(Embedded stack arn:aws:cloudformation:.* was not successfully created: The following resource\(s\) failed to create: \[Q\]\.\)$/,
    ),
  );
  expect((await cfn.send(new DescribeStacksCommand({}))).Stacks).toHaveLength(1);
});
