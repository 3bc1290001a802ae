/** Log groups under a customer's key. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { dataKeys } from '../kms/data-keys.ts';
import type { LogStore } from './store.ts';

/** Throws unless the key lets CloudWatch Logs encrypt for that group. */
export type CheckKey = (groupArn: string, kmsKeyId: string) => Promise<void>;

export function keyChecks(world: World): CheckKey {
  const { account, region } = world;
  const keys = dataKeys(world, undefined, {});
  return async (groupArn, key) => {
    const logs = servicePrincipal(account, `logs.${region}.amazonaws.com`, groupArn);
    try {
      await keys.seal({ key, context: { 'aws:logs:arn': groupArn }, reuseMs: 0 }, logs);
    } catch {
      throw new AwsError(
        'AccessDeniedException',
        `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'`,
      );
    }
  };
}

export const encrypting = ({ groupOf, arn }: LogStore, checkKey: CheckKey) => ({
  async AssociateKmsKey(input: Logs.AssociateKmsKeyCommandInput) {
    const { logGroupName, resourceIdentifier, kmsKeyId = '' } = input;
    if (resourceIdentifier !== undefined) throw notModelled('keys of the results of queries');
    const group = groupOf(logGroupName);
    await checkKey(arn(group.name), kmsKeyId);
    group.kmsKeyId = kmsKeyId;
    return {} satisfies Answer<Logs.AssociateKmsKeyCommandOutput>;
  },

  DisassociateKmsKey({ logGroupName, resourceIdentifier }: Logs.DisassociateKmsKeyCommandInput) {
    if (resourceIdentifier !== undefined) throw notModelled('keys of the results of queries');
    groupOf(logGroupName).kmsKeyId = undefined;
    return {} satisfies Answer<Logs.DisassociateKmsKeyCommandOutput>;
  },
});
