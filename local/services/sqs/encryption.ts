/** Queues that are encrypted with a key of KMS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html */
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { dataKeys, type Sealed } from '../kms/data-keys.ts';
import type { Queue } from './queue.ts';

export interface Encryption {
  /** The data key for a message: undefined where the queue needs none, at once where the caller has one. */
  seal(queue: Queue, principal: Principal): Sealed | Promise<Sealed> | undefined;
  /** Lets messages be read, each of which carries its data key even where the queue has another key by now. */
  open(sealed: Sealed[], queue: Queue, principal: Principal): Promise<void>;
}

export function encryption(world: World): Encryption {
  const keys = dataKeys(world, `sqs.${world.region}.amazonaws.com`, CODES);
  return {
    seal(queue, principal) {
      const { KmsMasterKeyId: key } = queue.attributes;
      if (key === undefined) return undefined;
      return keys.seal({ key, context: { 'aws:sqs:arn': queue.arn }, reuseMs: reuseMs(queue) }, principal);
    },
    async open(sealed, queue, principal) {
      for (const each of sealed) await keys.open(each, principal, reuseMs(queue));
    },
  };
}

const reuseMs = ({ attributes }: Queue): number =>
  Number(attributes.KmsDataKeyReusePeriodSeconds ?? 300) * 1000;

/** KMS's codes, and the shapes of SQS that stand for them. */
const CODES = {
  AccessDeniedException: 'KmsAccessDenied',
  DisabledException: 'KmsDisabled',
  InvalidKeyUsageException: 'KmsInvalidKeyUsage',
  KMSInvalidStateException: 'KmsInvalidState',
  NotFoundException: 'KmsNotFound',
  ThrottlingException: 'KmsThrottled',
};
