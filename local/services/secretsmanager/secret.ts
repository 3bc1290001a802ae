/** Secrets and their versions. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
import type { Tag } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Rotation } from './schedule.ts';

export interface Secret {
  name: string;
  /** Ends in a hyphen and six characters of chance. */
  arn: string;
  description?: string | undefined;
  /** As it was given. @default the account's own key, `aws/secretsmanager` */
  keyId?: string | undefined;
  /** Oldest first. */
  versions: Version[];
  /** @default it never had any */
  tags?: Tag[];
  /** JSON text. @default none */
  policy?: string | undefined;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
  /** The day of the last reading, in milliseconds since 1970. @default nobody has read it */
  accessed?: number;
  /** When it will be gone, in milliseconds since 1970. @default it stays */
  deletion?: number | undefined;
  /** @default nobody has ever asked for it */
  rotation?: Rotation;
}

export interface Version {
  id: string;
  /** @default a rotation has begun, and has not put one yet */
  value?: Value;
  /** Staging labels. None: it is deprecated, and goes when there are many. */
  stages: string[];
  /** Milliseconds since 1970. */
  created: number;
  accessed?: number;
  /** As KMS has sealed it with a key of the customer. @default the key is the account's own */
  dataKey?: Uint8Array | undefined;
}

export type Value = { SecretString: string } | { SecretBinary: Uint8Array };

export interface Secrets {
  /** By name, ARN, or ARN without its last seven characters. Throws ResourceNotFoundException. */
  at(id: string | undefined): Secret;
  /** As `at`. Throws InvalidRequestException for one that waits for its deletion. */
  active(id: string | undefined): Secret;
  /** As `at`; undefined where there is none. */
  find(id: string): Secret | undefined;
  /** In the order in which they were made. */
  all(): Secret[];
  add(secret: Secret): void;
  remove(secret: Secret): void;
  /** The ARN of a secret that is to be made. */
  newArn(name: string): string;
  /** What policies see of a secret that is not there. */
  missingArn(id: string): string;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

export const holderOf = ({ versions }: Secret, stage: string): Version | undefined =>
  versions.find(({ stages }) => stages.includes(stage));

/** What most operations answer. @param version its id, where there is one to tell of */
export const named = ({ arn, name }: Secret, version?: string) => ({
  ARN: arn,
  Name: name,
  ...(version !== undefined && { VersionId: version }),
});

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequestException', message);
export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message);
/** @param what of which there is no value. @default the secret itself is missing */
export const notFound = (what?: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    what === undefined
      ? "Secrets Manager can't find the specified secret."
      : `Secrets Manager can't find the specified secret value for ${what}`,
  );
