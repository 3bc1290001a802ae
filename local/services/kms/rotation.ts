/**
 * Whether a key's material is renewed each year or so. What was sealed before can be opened as before, so all that is to
 * be seen of it is its date. https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
import type * as KMS from '@aws-sdk/client-kms';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkUsable, type Keys } from './key.ts';
import { checkRange } from './limits.ts';

export const rotating = ({ clock }: World, keys: Keys) => ({
  EnableKeyRotation({ KeyId, RotationPeriodInDays }: KMS.EnableKeyRotationCommandInput) {
    const key = keys.at(KeyId);
    checkRange('rotationPeriodInDays', RotationPeriodInDays, 90, 2560);
    checkUsable(key);
    const { since = clock.now(), days = 365 } = key.rotation ?? {};
    key.rotation = { since, days: RotationPeriodInDays ?? days };
    return {} satisfies Answer<KMS.EnableKeyRotationCommandOutput>;
  },

  DisableKeyRotation({ KeyId }: KMS.DisableKeyRotationCommandInput) {
    const key = keys.at(KeyId);
    checkUsable(key);
    key.rotation = undefined;
    return {} satisfies Answer<KMS.DisableKeyRotationCommandOutput>;
  },

  GetKeyRotationStatus({ KeyId }: KMS.GetKeyRotationStatusCommandInput) {
    const key = keys.at(KeyId);
    const rotation = key.deletion === undefined ? key.rotation : undefined;
    return {
      KeyId: key.arn,
      KeyRotationEnabled: rotation !== undefined,
      ...(rotation && {
        RotationPeriodInDays: rotation.days,
        NextRotationDate: new Date(next(rotation.since, rotation.days * 86_400_000, clock.now())),
      }),
    } satisfies Answer<KMS.GetKeyRotationStatusCommandOutput>;
  },
});

const next = (since: number, period: number, now: number): number =>
  since + (Math.floor((now - since) / period) + 1) * period;
