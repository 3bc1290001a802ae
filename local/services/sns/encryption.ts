/** Topics that are encrypted with a key of KMS, for which whoever publishes is asked. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { dataKeys } from '../kms/data-keys.ts';
import type { Topic } from './topic.ts';

/** Runs `take` when `principal` may encrypt for the topic: at once, where it need not or just did. */
export type Encrypted = <T>(topic: Topic, principal: Principal, take: () => T) => T | Promise<T>;

export function encryption(world: World): Encrypted {
  const keys = dataKeys(world, `sns.${world.region}.amazonaws.com`, CODES);
  return ({ arn, attributes: { KmsMasterKeyId: key } }, principal, take) => {
    if (!key) return take();
    const sealed = keys.seal({ key, context: { 'aws:sns:topicArn': arn }, reuseMs: REUSE_MS }, principal);
    return sealed instanceof Promise ? sealed.then(take) : take();
  };
}

/** Five minutes, which nobody can change. */
const REUSE_MS = 300_000;

/** KMS's codes, and those that SNS has for them. */
const CODES = {
  AccessDeniedException: 'KMSAccessDeniedException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  NotFoundException: 'KMSNotFoundException',
  ThrottlingException: 'KMSThrottlingException',
};
