/** What can be set for a bucket and read back. Notifications, versioning and policies also have effects, elsewhere. */
import type * as S3 from '@aws-sdk/client-s3';
import { notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { checkBucketPolicy } from './bucket-policy.ts';
import { noSuchSetting } from './errors.ts';
import { refuseOverlaps } from './overlaps.ts';
import type { Bucket, Store } from './store.ts';

interface Named {
  Bucket?: string | undefined;
}

/** A setting with its three operations. `answer` shapes what was put into what is got. */
interface Setting {
  put: string;
  get: string;
  remove?: string;
  /** The member of the put's input that is kept. */
  member: string;
  answer(kept: never): object;
  /** Throws what S3 refuses. @default it takes anything */
  check?(bucket: string, given: never): void;
  /** Code and text where nothing was put. @default `none` instead */
  missing?: [code: string, message: string];
  none?: object;
}

const kept = (member: string) => (value: never) => ({ [member]: value });

/** Codes and texts: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const SETTINGS: Setting[] = [
  {
    put: 'PutBucketEncryption',
    get: 'GetBucketEncryption',
    remove: 'DeleteBucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    answer: kept('ServerSideEncryptionConfiguration'),
    // Every bucket has been encrypted since January 2023. https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    none: {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    },
  },
  {
    put: 'PutBucketLifecycleConfiguration',
    get: 'GetBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    member: 'LifecycleConfiguration',
    answer: ({ Rules }: S3.BucketLifecycleConfiguration) => ({ Rules }),
    missing: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  },
  {
    put: 'PutBucketTagging',
    get: 'GetBucketTagging',
    remove: 'DeleteBucketTagging',
    member: 'Tagging',
    answer: ({ TagSet }: S3.Tagging) => ({ TagSet }),
    missing: ['NoSuchTagSet', 'The TagSet does not exist'],
  },
  {
    put: 'PutBucketCors',
    get: 'GetBucketCors',
    remove: 'DeleteBucketCors',
    member: 'CORSConfiguration',
    answer: ({ CORSRules }: S3.CORSConfiguration) => ({ CORSRules }),
    missing: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  },
  {
    put: 'PutPublicAccessBlock',
    get: 'GetPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    answer: kept('PublicAccessBlockConfiguration'),
    missing: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
  },
  {
    put: 'PutBucketOwnershipControls',
    get: 'GetBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    member: 'OwnershipControls',
    answer: kept('OwnershipControls'),
    missing: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  {
    put: 'PutBucketPolicy',
    get: 'GetBucketPolicy',
    remove: 'DeleteBucketPolicy',
    member: 'Policy',
    answer: kept('Policy'),
    check: checkBucketPolicy,
    missing: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  },
];

/** `tested` throws when S3 may not tell the destinations of a notification. */
export const settingOperations = (store: Store, tested: Tested) => ({
  ...Object.fromEntries(SETTINGS.flatMap((setting) => operationsOf(setting, store))),

  PutBucketVersioning({ Bucket, VersioningConfiguration }: S3.PutBucketVersioningCommandInput) {
    const { Status, MFADelete } = VersioningConfiguration ?? {};
    if (MFADelete === 'Enabled') throw notModelled('MFA delete');
    if (Status !== undefined) store.bucket(Bucket).versioning = Status;
    return {} satisfies Answer<S3.PutBucketVersioningCommandOutput>;
  },

  GetBucketVersioning({ Bucket }: S3.GetBucketVersioningCommandInput) {
    const { versioning } = store.bucket(Bucket);
    return (versioning ? { Status: versioning } : {}) satisfies Answer<S3.GetBucketVersioningCommandOutput>;
  },

  async PutBucketNotificationConfiguration(
    input: S3.PutBucketNotificationConfigurationCommandInput,
    call: Call,
  ) {
    const bucket = store.bucket(input.Bucket);
    const { NotificationConfiguration: configuration = {}, SkipDestinationValidation } = input;
    refuseOverlaps(configuration);
    if (!SkipDestinationValidation) await tested(bucket, configuration, call);
    bucket.settings.set(NOTIFICATIONS, withIds(configuration, store));
    return {} satisfies Answer<S3.PutBucketNotificationConfigurationCommandOutput>;
  },

  GetBucketNotificationConfiguration({ Bucket }: S3.GetBucketNotificationConfigurationCommandInput) {
    return notificationsOf(
      store.bucket(Bucket),
    ) satisfies Answer<S3.GetBucketNotificationConfigurationCommandOutput>;
  },
});

export type Tested = (
  bucket: Bucket,
  configuration: S3.NotificationConfiguration,
  call: Call,
) => Promise<void>;

const NOTIFICATIONS = 'NotificationConfiguration';

/** S3 gives an id to what has none, in this form: https://docs.aws.amazon.com/cli/latest/reference/s3api/get-bucket-notification-configuration.html */
function withIds(
  configuration: S3.NotificationConfiguration,
  { newId }: Store,
): S3.NotificationConfiguration {
  const named = <One extends { Id?: string | undefined }>(all: One[] | undefined) =>
    all?.map((one) => ({ ...one, Id: one.Id || Buffer.from(newId()).toString('base64') }));
  const { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, ...others } = configuration;
  return {
    ...others,
    ...(TopicConfigurations && { TopicConfigurations: named(TopicConfigurations) }),
    ...(QueueConfigurations && { QueueConfigurations: named(QueueConfigurations) }),
    ...(LambdaFunctionConfigurations && {
      LambdaFunctionConfigurations: named(LambdaFunctionConfigurations),
    }),
  };
}

export const notificationsOf = ({ settings }: Bucket): S3.NotificationConfiguration =>
  (settings.get(NOTIFICATIONS) as S3.NotificationConfiguration | undefined) ?? {};

export const policyOf = (bucket: Bucket | undefined): string | undefined =>
  bucket?.settings.get('Policy') as string | undefined;

function operationsOf({ put, get, remove, member, answer, check, missing, none }: Setting, store: Store) {
  const operations: [string, (input: Named & Record<string, unknown>) => object][] = [
    [
      put,
      (input) => {
        const { name, settings } = store.bucket(input.Bucket);
        check?.(name, input[member] as never);
        settings.set(member, input[member]);
        return {};
      },
    ],
    [
      get,
      ({ Bucket }) => {
        const value = store.bucket(Bucket).settings.get(member);
        if (value === undefined && missing) throw noSuchSetting(...missing);
        return value === undefined ? none! : answer(value as never);
      },
    ],
  ];
  if (remove)
    operations.push([
      remove,
      ({ Bucket }) => {
        store.bucket(Bucket).settings.delete(member);
        return {};
      },
    ]);
  return operations;
}
