/**
 * How services encrypt for customers: what comes in is sealed with a data key, which is kept beside it, sealed itself by
 * the customer's key. KMS is asked in the name of whoever calls, and not again for a while.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';

/** What a resource is encrypted with. */
export interface Lock {
  /** Id, ARN, alias or ARN of an alias. */
  key: string;
  context: Record<string, string>;
  /** For how long KMS is not asked again. */
  reuseMs: number;
}

/** A data key as it lies beside what it encrypts. */
export interface Sealed {
  /** Base64. */
  dataKey: string;
  context: Record<string, string>;
}

export interface DataKeys {
  /** The data key for what `principal` sends: at once, where it has one. Rejects as the service words KMS's refusals. */
  seal(lock: Lock, principal: Principal): Sealed | Promise<Sealed>;
  /** Lets `principal` read. Rejects as `seal` does. */
  open(sealed: Sealed, principal: Principal, reuseMs: number): Promise<void>;
}

/**
 * @param via the service, such as `sqs.eu-west-1.amazonaws.com`; undefined where it asks in its own name
 * @param codes the service's own codes for those of KMS
 */
export function dataKeys(world: World, via: string | undefined, codes: Record<string, string>): DataKeys {
  const { clock } = world;
  const known = new Map<string, { sealed: Sealed; until: number }>();

  const remembered = (name: string) => {
    const found = known.get(name);
    return found && found.until > clock.now() ? found.sealed : undefined;
  };
  const remember = (name: string, sealed: Sealed, ms: number) => {
    for (const [old, { until }] of known) if (until <= clock.now()) known.delete(old);
    known.set(name, { sealed, until: clock.now() + ms });
    return sealed;
  };
  const ask = async <Output>(principal: Principal, operation: string, input: object): Promise<Output> => {
    const caller = via === undefined ? principal : { ...principal, via };
    try {
      return await world.call<Output>(caller, 'kms', operation, input);
    } catch (error) {
      const code = error instanceof AwsError ? codes[error.code] : undefined;
      throw code === undefined ? error : new AwsError(code, (error as Error).message);
    }
  };
  const decrypt = (principal: Principal, { dataKey, context }: Sealed) =>
    ask(principal, 'Decrypt', {
      CiphertextBlob: Buffer.from(dataKey, 'base64'),
      EncryptionContext: context,
    });

  return {
    seal({ key, context, reuseMs }, principal) {
      const name = `${callerOf(principal)} ${key} ${JSON.stringify(context)}`;
      return (
        remembered(name) ??
        (async () => {
          const { CiphertextBlob } = await ask<KMS.GenerateDataKeyResponse>(principal, 'GenerateDataKey', {
            KeyId: key,
            KeySpec: 'AES_256',
            EncryptionContext: context,
          });
          const sealed = { dataKey: Buffer.from(CiphertextBlob!).toString('base64'), context };
          // Whether it can be opened again is tried before anything is encrypted with it.
          await decrypt(principal, sealed);
          return remember(name, sealed, reuseMs);
        })()
      );
    },

    async open(sealed, principal, reuseMs) {
      const name = `${callerOf(principal)} ${sealed.dataKey}`;
      if (remembered(name)) return;
      await decrypt(principal, sealed);
      remember(name, sealed, reuseMs);
    },
  };
}

/** Sessions of one role are one caller; a service is another one for each resource that it acts for. */
const callerOf = (principal: Principal): string =>
  principal.kind === 'role'
    ? principal.roleArn
    : `${principal.arn} ${principal.kind === 'service' ? principal.sourceArn : ''}`;
