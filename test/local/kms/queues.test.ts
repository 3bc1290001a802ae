import * as KMS from '@aws-sdk/client-kms';
import * as SQS from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servicePrincipal, type Principal } from '../../../local/principal.ts';
import { openTo } from '../../queue-policy.ts';
import { ACCOUNT, keyed, policy, session } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
let sqs: SQS.SQSClient;
beforeAll(async () => {
  aws = await keyed();
  sqs = aws.client(SQS.SQSClient);
});
afterAll(() => aws.stop());

let count = 0;
const role = (...Action: string[]) =>
  session(aws, `role-${count++}`, { Effect: 'Allow', Action, Resource: '*' });
const rule = servicePrincipal(ACCOUNT, 'events.amazonaws.com', `arn:aws:events:eu-west-1:${ACCOUNT}:rule/r`);
const FOR_EVENTS = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: '*',
};

async function queue(KmsMasterKeyId: string | undefined, more: Record<string, string> = {}) {
  const QueueName = `queue-${count++}`;
  const Attributes = { KmsMasterKeyId: KmsMasterKeyId!, Policy: openTo('events.amazonaws.com'), ...more };
  const { QueueUrl } = await sqs.send(new SQS.CreateQueueCommand({ QueueName, Attributes }));
  const by = (principal: Principal, operation: string, input: object) =>
    aws.world.call<{ Messages?: { Body: string }[] }>(principal, 'sqs', operation, { QueueUrl, ...input });
  return {
    QueueUrl,
    arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:${QueueName}`,
    send: (principal: Principal, MessageBody = 'x') => by(principal, 'SendMessage', { MessageBody }),
    sendBatch: (principal: Principal) =>
      by(principal, 'SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 'x' }] }),
    receive: async (principal: Principal, more: object = {}) =>
      ((await by(principal, 'ReceiveMessage', more)).Messages ?? []).map(({ Body }) => Body),
    counts: () => aws.world.service('sqs').state()[QueueName],
    set: (Attributes: Record<string, string>) =>
      sqs.send(new SQS.SetQueueAttributesCommand({ QueueUrl, Attributes })),
  };
}

const anything = () => role('sqs:*', 'kms:*');

describe('a queue under a customer’s key takes from', () => {
  test('an AWS service that the key lets in', async () => {
    const { KeyId } = await aws.key({ Policy: policy(FOR_EVENTS) });
    const { send, counts } = await queue(KeyId);
    await send(rule);
    expect(counts()).toMatchObject({ visible: 1 });
  });

  test('no AWS service that it does not (F14)', async () => {
    const { KeyId, Arn } = await aws.key();
    const { send, sendBatch, counts } = await queue(KeyId);
    const refused = {
      code: 'KmsAccessDenied',
      message: `User: events.amazonaws.com is not authorized to perform: kms:GenerateDataKey on resource: ${Arn} because no resource-based policy allows the kms:GenerateDataKey action`,
    };
    await expect(send(rule)).rejects.toMatchObject(refused);
    await expect(sendBatch(rule)).rejects.toMatchObject(refused);
    expect(counts()).toMatchObject({ visible: 0 });
  });

  test('nobody who may not decrypt too', async () => {
    const { KeyId } = await aws.key();
    const { send } = await queue(KeyId);
    await expect(send(await role('sqs:*', 'kms:GenerateDataKey'))).rejects.toMatchObject({
      code: 'KmsAccessDenied',
      message: expect.stringContaining('kms:Decrypt on the resource associated with this ciphertext'),
    });
  });

  test('not even the owner of the account, where the key does not let the account in', async () => {
    const { KeyId } = await aws.key({ Policy: policy().replace('kms:*', 'kms:PutKeyPolicy') });
    const { QueueUrl } = await queue(KeyId);
    const sent = sqs.send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await expect(sent).rejects.toMatchObject({ name: 'KmsAccessDenied' });
  });

  test('whom the key lets in for this queue only', async () => {
    const { KeyId } = await aws.key();
    const [mine, other] = [await queue(KeyId), await queue(KeyId)];
    const Condition = {
      StringEquals: {
        'kms:EncryptionContext:aws:sqs:arn': mine.arn,
        'kms:ViaService': 'sqs.eu-west-1.amazonaws.com',
      },
    };
    await aws.kms.send(new KMS.PutKeyPolicyCommand({ KeyId, Policy: policy({ ...FOR_EVENTS, Condition }) }));
    await mine.send(rule);
    await expect(other.send(rule)).rejects.toMatchObject({ code: 'KmsAccessDenied' });
  });
});

test('the wire has the codes of SQS', async () => {
  const { QueueUrl } = await queue('alias/none');
  const sent = sqs.send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await expect(sent).rejects.toMatchObject({
    name: 'KmsNotFound',
    Error: { Code: 'KMS.NotFoundException' },
    message: `Alias arn:aws:kms:eu-west-1:${ACCOUNT}:alias/none is not found.`,
  });
});

describe('what is in the queue', () => {
  test('is read by who may decrypt, and no one else', async () => {
    const { KeyId } = await aws.key();
    const { send, receive, counts } = await queue(KeyId);
    await send(await anything(), 'secret');
    const blind = await role('sqs:*');
    await expect(receive(blind)).rejects.toMatchObject({ code: 'KmsAccessDenied' });
    expect(counts()).toMatchObject({ inFlight: 1 });
    await aws.advance('30s');
    expect(await receive(await role('sqs:*', 'kms:Decrypt'))).toEqual(['secret']);
  });

  test('stays under the key that it was sent under', async () => {
    const { KeyId } = await aws.key();
    const { send, receive, set } = await queue(KeyId);
    const sender = await anything();
    await send(sender, 'before');
    await set({ KmsMasterKeyId: '' });
    await send(sender, 'after');
    await expect(receive(await role('sqs:*'), { MaxNumberOfMessages: 10 })).rejects.toMatchObject({
      code: 'KmsAccessDenied',
    });
    await aws.advance('30s');
    expect(await receive(sender, { MaxNumberOfMessages: 10 })).toEqual(['before', 'after']);
  });

  test('stays under the key of its queue when it becomes a dead letter', async () => {
    const { KeyId } = await aws.key();
    const dead = await queue(undefined);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    const { send, receive } = await queue(KeyId, { RedrivePolicy });
    const sender = await anything();
    await send(sender, 'letter');
    await receive(sender);
    await aws.advance('30s');
    await receive(sender);
    await expect(dead.receive(await role('sqs:*'))).rejects.toMatchObject({ code: 'KmsAccessDenied' });
    await aws.advance('30s');
    expect(await dead.receive(sender)).toEqual(['letter']);
  });

  test('reaches who waits for it', async () => {
    const { KeyId } = await aws.key();
    const { send, receive } = await queue(KeyId);
    const sender = await anything();
    const waiting = receive(sender, { WaitTimeSeconds: 20 });
    await send(sender, 'x');
    expect(await waiting).toEqual(['x']);
  });
});

describe('a key that cannot be used', () => {
  test('is noticed once the data keys of the sender and the reader are too old', async () => {
    const { KeyId, Arn } = await aws.key();
    const { send, receive } = await queue(KeyId, { KmsDataKeyReusePeriodSeconds: '60' });
    const sender = await anything();
    await send(sender);
    await aws.advance('59s');
    await aws.kms.send(new KMS.DisableKeyCommand({ KeyId }));
    await send(sender);
    await aws.advance('1s');
    const disabled = { code: 'KmsDisabled', message: `${Arn} is disabled.` };
    await expect(send(sender)).rejects.toMatchObject(disabled);
    await expect(receive(sender)).rejects.toMatchObject(disabled);
  });

  test('is said to be disabled, to wait for its deletion, or to be gone', async () => {
    const { KeyId } = await aws.key();
    const { send } = await queue(KeyId);
    await aws.kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await expect(send(await anything())).rejects.toMatchObject({ code: 'KmsInvalidState' });
    await aws.advance('7d');
    await expect(send(await anything())).rejects.toMatchObject({ code: 'KmsNotFound' });
  });

  test('is asked for once in a period by all sessions of a role', async () => {
    const asked: string[] = [];
    aws.world.activity.listen(({ service, operation }) => {
      if (service === 'kms') asked.push(String(operation));
    });
    const { KeyId } = await aws.key();
    const { send, receive } = await queue(KeyId);
    const sender = await anything();
    asked.length = 0;
    for (const arn of ['a', 'b', 'c']) await send({ ...sender, arn });
    await receive(sender, { MaxNumberOfMessages: 10 });
    await receive(sender, { MaxNumberOfMessages: 10 });
    expect(asked).toEqual(['GenerateDataKey', 'Decrypt', 'Decrypt']);
  });
});
