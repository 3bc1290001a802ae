/** Keys and their aliases. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html */
import { AwsError } from '../../errors.ts';

export interface Key {
  id: string;
  arn: string;
  /** AWS's own belong to a service and change for nobody. */
  manager: 'CUSTOMER' | 'AWS';
  description: string;
  /** 64 hexadecimal digits. */
  material: string;
  /** JSON text. */
  policy: string;
  enabled: boolean;
  /** Milliseconds since 1970. */
  created: number;
  /** When it will be gone, in milliseconds since 1970. @default it stays */
  deletion?: number | undefined;
  /** Since when, in milliseconds since 1970, and how often. @default it does not rotate */
  rotation?: { since: number; days: number } | undefined;
  tags: Map<string, string>;
}

export interface Alias {
  /** With its prefix: `alias/orders`. */
  name: string;
  arn: string;
  /** The id of its key. */
  target: string;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
}

export interface Keys {
  /** By id, ARN, alias or the ARN of an alias. Throws NotFoundException. */
  at(identifier: string | undefined): Key;
  /** As `at`; undefined where that throws. */
  find(identifier: string): Key | undefined;
  /** By name, with its prefix. Throws NotFoundException. */
  alias(name: string): Alias;
  /** In the order of their ids. */
  all(): Key[];
  /** In the order of their names. */
  aliases(): Alias[];
  add(given: Pick<Key, 'description' | 'manager'> & Partial<Pick<Key, 'policy' | 'rotation' | 'tags'>>): Key;
  name(alias: Alias): void;
  unname(alias: Alias): void;
  /** The ARN of `key/ID` or `alias/NAME`. */
  arn(resource: string): string;
}

export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message);

type State = 'Enabled' | 'Disabled' | 'PendingDeletion';

export const stateOf = ({ enabled, deletion }: Key): State =>
  deletion !== undefined ? 'PendingDeletion' : enabled ? 'Enabled' : 'Disabled';

/** Throws unless the key is enabled. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export function checkUsable(key: Key): void {
  checkStaying(key);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
}

/** Throws while the key waits for its deletion. */
export function checkStaying(key: Key): void {
  if (key.deletion !== undefined) throw invalidState(`${key.arn} is pending deletion.`);
}

export const invalidState = (message: string): AwsError => new AwsError('KMSInvalidStateException', message);
