import * as Lambda from '@aws-sdk/client-lambda';
import * as SQS from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { zip } from '../lambda/fixture.ts';
import { keyed } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
beforeAll(async () => {
  aws = await keyed();
});
afterAll(() => aws.stop());

/** A queue under a customer's key, its dead-letter queue, and a function whose role has those permissions. */
async function mapped(name: string, ...actions: string[]) {
  const sqs = aws.client(SQS.SQSClient);
  const lambda = aws.client(Lambda.LambdaClient);
  const { KeyId = '' } = await aws.key();
  const arn = (queue: string) => `arn:aws:sqs:eu-west-1:000000000000:${queue}`;
  await sqs.send(new SQS.CreateQueueCommand({ QueueName: `${name}-dead` }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(`${name}-dead`), maxReceiveCount: 2 });
  const Attributes = { KmsMasterKeyId: KeyId, RedrivePolicy };
  const { QueueUrl } = await sqs.send(new SQS.CreateQueueCommand({ QueueName: name, Attributes }));
  const statements = [{ Effect: 'Allow', Action: ['sqs:*', ...actions], Resource: '*' }];
  const Role = await withRole(aws, { name, statements });
  await lambda.send(
    new Lambda.CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role,
      Code: { ZipFile: zip({ 'index.js': 'exports.handler = async () => {};' }) },
    }),
  );
  const { UUID } = await lambda.send(
    new Lambda.CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: arn(name) }),
  );
  await sqs.send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await aws.advance('10m');
  const { LastProcessingResult } = await lambda.send(new Lambda.GetEventSourceMappingCommand({ UUID }));
  const { visible, inFlight } = aws.world.service('sqs').state()[name]!;
  const dead = aws.world.service('sqs').state()[`${name}-dead`]!.visible;
  return { LastProcessingResult, left: visible + inFlight, dead };
}

test('a function reads an encrypted queue where its role may decrypt', async () => {
  expect(await mapped('reads', 'kms:Decrypt')).toEqual({ LastProcessingResult: 'OK', left: 0, dead: 0 });
});

test('where it may not, messages become dead letters that no function has seen', async () => {
  expect(await mapped('blind')).toEqual({
    LastProcessingResult: expect.stringMatching(/^PROBLEM: KmsAccessDenied: .*kms:Decrypt/),
    left: 0,
    dead: 1,
  });
});
