import * as KMS from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servicePrincipal, type Principal } from '../../../local/principal.ts';
import { ACCOUNT, keyed, policy, ROOT, session } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
beforeAll(async () => {
  aws = await keyed();
});
afterAll(() => aws.stop());

const USE = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' };
const dataKey = (principal: Principal, KeyId: string | undefined, EncryptionContext?: object) =>
  aws.world.call(principal, 'kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext });
let count = 0;
const role = (...statements: object[]) => session(aws, `role-${count++}`, ...statements);
const rule = (sourceArn: string) => servicePrincipal(ACCOUNT, 'events.amazonaws.com', sourceArn);

describe('a key’s policy is the root of authority', () => {
  test('what a role’s policies allow counts while the key leaves it to the account', async () => {
    const [able, unable] = [await role(USE), await role()];
    const { KeyId, Arn } = await aws.key();
    await dataKey(able, KeyId);
    await expect(dataKey(unable, KeyId)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: `User: ${unable.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${Arn} because no identity-based policy allows the kms:GenerateDataKey action`,
    });
  });

  test('and nothing where it does not', async () => {
    const able = await role(USE);
    const { KeyId, Arn } = await aws.key({
      Policy: policy().replace('kms:*', 'kms:PutKeyPolicy'),
    });
    await expect(dataKey(able, KeyId)).rejects.toMatchObject({
      message: `User: ${able.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${Arn} because no resource-based policy allows the kms:GenerateDataKey action`,
    });
    await expect(aws.kms.send(new KMS.DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('whom it names itself needs nothing else', async () => {
    const named = await role();
    const Principal = { AWS: (named as { roleArn: string }).roleArn };
    const { KeyId } = await aws.key({ Policy: policy({ ...USE, Principal }) });
    expect(await dataKey(named, KeyId)).toHaveProperty('CiphertextBlob');
  });

  test('who may not decrypt is not told whose ciphertext it is', async () => {
    const [sender, nobody] = [await role(USE), await role()];
    const { KeyId } = await aws.key();
    const { CiphertextBlob } = (await dataKey(sender, KeyId)) as { CiphertextBlob: Uint8Array };
    await expect(aws.world.call(nobody, 'kms', 'Decrypt', { CiphertextBlob })).rejects.toThrow(
      'is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action',
    );
  });
});

describe('conditions', () => {
  test('on the resource for which a service acts (F17)', async () => {
    const arn = `arn:aws:events:eu-west-1:${ACCOUNT}:rule/r`;
    const Condition = { ArnEquals: { 'aws:SourceArn': arn }, StringEquals: { 'aws:SourceAccount': ACCOUNT } };
    const Principal = { Service: 'events.amazonaws.com' };
    const { KeyId } = await aws.key({ Policy: policy({ ...USE, Principal, Condition }) });
    await dataKey(rule(arn), KeyId);
    await expect(dataKey(rule(`${arn}2`), KeyId)).rejects.toThrow('no resource-based policy allows');
  });

  test('on the encryption context, whose names are in any case', async () => {
    const Condition = { StringEquals: { 'kms:EncryptionContext:AWS:sqs:arn': 'q' } };
    const Principal = { AWS: '*' };
    const { KeyId } = await aws.key({
      Policy: policy({ ...USE, Principal, Condition }),
    });
    const anybody = await role();
    await dataKey(anybody, KeyId, { 'aws:sqs:arn': 'q' });
    await expect(dataKey(anybody, KeyId, { 'aws:sqs:arn': 'p' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('on the service through which the call comes, and on the caller’s account', async () => {
    const anybody = await role();
    const viaQueues = { ...anybody, via: 'sqs.eu-west-1.amazonaws.com' };
    await dataKey(viaQueues, 'alias/aws/sqs');
    await expect(dataKey(anybody, 'alias/aws/sqs')).rejects.toThrow('no resource-based policy allows');
    const service = { ...rule('r'), via: viaQueues.via };
    await expect(dataKey(service, 'alias/aws/sqs')).rejects.toThrow('no resource-based policy allows');
    await expect(dataKey(viaQueues, 'alias/aws/sns')).rejects.toThrow('no resource-based policy allows');
  });
});

describe('a policy is refused', () => {
  const put = async (Policy: string, more: object = {}) => {
    const { KeyId } = await aws.key();
    await aws.kms.send(new KMS.PutKeyPolicyCommand({ KeyId, Policy, ...more }));
    return (await aws.kms.send(new KMS.GetKeyPolicyCommand({ KeyId }))).Policy;
  };

  test('that would lock out who puts it, unless that is meant', async () => {
    const closed = JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: ROOT, Action: 'kms:Decrypt', Resource: '*' }],
    });
    await expect(put(closed)).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    await expect(aws.key({ Policy: closed })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await aws.key({ Policy: closed, BypassPolicyLockoutSafetyCheck: true });
  });

  test('that names a role that is not there', async () => {
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/missing` };
    await expect(put(policy({ ...USE, Principal }))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'Policy contains a statement with one or more invalid principals.',
    });
  });

  test('that is none', async () => {
    await expect(put('{')).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    expect(await put(policy(), { PolicyName: 'default' })).toBe(policy());
  });
});
