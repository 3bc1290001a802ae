import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stacksOf, template } from '../cloudformation/stacks-of.ts';
import { keyed } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
beforeAll(async () => {
  aws = await keyed();
});
afterAll(() => aws.stop());

/** As `new kms.Key(stack, 'Key', { alias: 'orders', enableKeyRotation: true })` is synthesized, but for the name. */
const resources = (AliasName: string, key: object = {}) => ({
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          {
            Action: 'kms:*',
            Effect: 'Allow',
            Principal: {
              AWS: {
                'Fn::Join': [
                  '',
                  ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'],
                ],
              },
            },
            Resource: '*',
          },
        ],
        Version: '2012-10-17',
      },
      ...key,
    },
  },
  KeyAlias: {
    Type: 'AWS::KMS::Alias',
    Properties: { AliasName, TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
  },
});

const describing = async (KeyId: string) =>
  (await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;

test('a key with its alias is made, and waits for its deletion when its stack goes', async () => {
  const stacks = stacksOf(aws);
  const TemplateBody = template(resources('alias/orders'));
  const { StackStatus } = await stacks.after(new CreateStackCommand({ StackName: 's', TemplateBody }));
  expect(StackStatus).toBe('CREATE_COMPLETE');
  const { KeyId = '', KeyState } = await describing('alias/orders');
  expect(KeyState).toBe('Enabled');
  expect(await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
  });
  const { Policy = '' } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId }));
  expect(Policy).toContain('arn:aws:iam::000000000000:root');

  await stacks.after(new DeleteStackCommand({ StackName: 's' }));
  await expect(describing('alias/orders')).rejects.toMatchObject({ name: 'NotFoundException' });
  expect(await describing(KeyId)).toMatchObject({
    KeyState: 'PendingDeletion',
    DeletionDate: new Date(aws.world.clock.now() + 30 * 86_400_000),
  });
});

test('a key is gone as many days after its stack as the template says', async () => {
  const stacks = stacksOf(aws);
  const TemplateBody = template(resources('alias/brief', { PendingWindowInDays: 7 }));
  await stacks.after(new CreateStackCommand({ StackName: 'brief', TemplateBody }));
  const { KeyId = '' } = await describing('alias/brief');
  await stacks.after(new DeleteStackCommand({ StackName: 'brief' }));
  await aws.advance('7d');
  await expect(describing(KeyId)).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a key whose deletion somebody has scheduled before is no obstacle to that of its stack', async () => {
  const stacks = stacksOf(aws);
  const TemplateBody = template(resources('alias/before-us'));
  await stacks.after(new CreateStackCommand({ StackName: 'early', TemplateBody }));
  const { KeyId } = await describing('alias/before-us');
  await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  const { StackStatus } = await stacks.after(new DeleteStackCommand({ StackName: 'early' }));
  expect(StackStatus).toBe('DELETE_COMPLETE');
});

test('an alias of another name is another alias, of the same key', async () => {
  const stacks = stacksOf(aws);
  const named = (name: string) => ({ StackName: 'named', TemplateBody: template(resources(name)) });
  await stacks.after(new CreateStackCommand(named('alias/before')));
  const { KeyId } = await describing('alias/before');
  await stacks.after(new UpdateStackCommand(named('alias/after')));
  expect((await describing('alias/after')).KeyId).toBe(KeyId);
  await expect(describing('alias/before')).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a key of a kind that is not modelled fails its stack by name', async () => {
  const stacks = stacksOf(aws);
  const TemplateBody = template(resources('alias/rsa', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }));
  const { StackStatus } = await stacks.after(new CreateStackCommand({ StackName: 'rsa', TemplateBody }));
  expect(StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await stacks.happened('rsa')).join('\n')).toContain('keys of the spec RSA_2048');
});

test('what a key is made of cannot be changed', async () => {
  const stacks = stacksOf(aws);
  const of = (key: object) => ({ StackName: 'of', TemplateBody: template(resources('alias/of', key)) });
  await stacks.after(new CreateStackCommand(of({})));
  await stacks.after(new UpdateStackCommand(of({ KeySpec: 'RSA_2048' })));
  expect((await stacks.happened('of')).join('\n')).toContain('The KeySpec of a key cannot be changed.');
});
