/** Condition keys of AWS KMS. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
import type { Step } from '../dispatch.ts';

export const ofKeys: Record<
  string,
  (step: Step, resource: string, detail: string) => string | string[] | undefined
> = {
  'kms:bypasspolicylockoutsafetycheck': ({ input }) =>
    text(input.BypassPolicyLockoutSafetyCheck as boolean | undefined),
  // An AWS service calls from an account of AWS's own.
  'kms:calleraccount': ({ call: { principal } }) =>
    principal.kind === 'service' ? undefined : principal.account,
  'kms:encryptionalgorithm': ({ operation }) => (USES.test(operation) ? 'SYMMETRIC_DEFAULT' : undefined),
  'kms:encryptioncontext:': (step, _resource, name) =>
    Object.entries(contextOf(step)).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1],
  'kms:encryptioncontextkeys': (step) => Object.keys(contextOf(step)),
  'kms:keyorigin': () => 'AWS_KMS',
  'kms:keyspec': () => 'SYMMETRIC_DEFAULT',
  'kms:keyusage': () => 'ENCRYPT_DECRYPT',
  'kms:multiregion': () => 'false',
  'kms:requestalias': ({ input }) => /alias\/.*$/.exec((input.KeyId as string | undefined) ?? '')?.[0],
  'kms:rotationperiodindays': ({ input }) => text(input.RotationPeriodInDays as number | undefined),
  'kms:schedulekeydeletionpendingwindowindays': ({ input }) =>
    text(input.PendingWindowInDays as number | undefined),
  'kms:viaservice': ({ call: { principal } }) => principal.via,
};

const USES = /^(Encrypt|Decrypt|ReEncrypt|GenerateDataKey)/;

const contextOf = ({ input }: Step): Record<string, string> =>
  (input.EncryptionContext ?? input.SourceEncryptionContext ?? {}) as Record<string, string>;

const text = (value: number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
