import * as KMS from '@aws-sdk/client-kms';
import * as SNS from '@aws-sdk/client-sns';
import * as SQS from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../../local/principal.ts';
import { openTo } from '../../queue-policy.ts';
import { ACCOUNT, keyed, policy, session } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
let sns: SNS.SNSClient;
beforeAll(async () => {
  aws = await keyed();
  sns = aws.client(SNS.SNSClient);
});
afterAll(() => aws.stop());

let count = 0;
const role = (...Action: string[]) =>
  session(aws, `role-${count++}`, { Effect: 'Allow', Action, Resource: '*' });
async function topic(KmsMasterKeyId: string | undefined) {
  const Attributes: Record<string, string> = KmsMasterKeyId === undefined ? {} : { KmsMasterKeyId };
  const { TopicArn = '' } = await sns.send(
    new SNS.CreateTopicCommand({ Name: `topic-${count++}`, Attributes }),
  );
  const publish = (principal: Principal) =>
    aws.world.call(principal, 'sns', 'Publish', { TopicArn, Message: 'x' });
  return { TopicArn, publish };
}

test('who publishes to a topic under a customer’s key needs both permissions for it', async () => {
  const { KeyId } = await aws.key();
  const { publish } = await topic(KeyId);
  expect(await publish(await role('sns:*', 'kms:GenerateDataKey', 'kms:Decrypt'))).toHaveProperty(
    'MessageId',
  );
  for (const actions of [[], ['kms:GenerateDataKey'], ['kms:Decrypt']])
    await expect(publish(await role('sns:*', ...actions))).rejects.toMatchObject({
      code: 'KMSAccessDeniedException',
    });
});

test('a topic whose key is disabled or gone takes nothing', async () => {
  const { KeyId } = await aws.key();
  const { publish, TopicArn } = await topic(KeyId);
  await aws.kms.send(new KMS.DisableKeyCommand({ KeyId }));
  await expect(publish(await role('*'))).rejects.toMatchObject({ code: 'KMSDisabledException' });
  await expect(
    sns.send(
      new SNS.PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [{ Id: 'a', Message: 'x' }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'KMSDisabledException' });
});

test('a queue whose key does not let SNS in never gets what is published (F14)', async () => {
  const sqs = aws.client(SQS.SQSClient);
  const { TopicArn } = await topic(undefined);
  const queue = async (Policy: string) => {
    const QueueName = `queue-${count++}`;
    const { KeyId = '' } = await aws.key({ Policy });
    const Attributes = { KmsMasterKeyId: KeyId, Policy: openTo('sns.amazonaws.com') };
    await sqs.send(new SQS.CreateQueueCommand({ QueueName, Attributes }));
    const Endpoint = `arn:aws:sqs:eu-west-1:${ACCOUNT}:${QueueName}`;
    await sns.send(new SNS.SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    return () => aws.world.service('sqs').state()[QueueName]!.visible;
  };
  const closed = await queue(policy());
  const open = await queue(
    policy({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
    }),
  );
  await sns.send(new SNS.PublishCommand({ TopicArn, Message: 'x' }));
  await aws.advance('1m');
  expect([closed(), open()]).toEqual([0, 1]);
});
