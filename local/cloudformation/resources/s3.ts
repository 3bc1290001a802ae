import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import { same, textOf, type Dictionary } from '../values.ts';

interface Bucket extends Dictionary {
  BucketName?: string;
  AccessControl?: string;
  Tags?: Tag[];
}

interface BucketPolicy {
  Bucket: string;
  PolicyDocument: Dictionary;
}

export default {
  'AWS::S3::Bucket': {
    name: 'BucketName',

    async create(properties: Bucket, site) {
      refuseUnmodelled(properties);
      const Bucket = site.name(properties.BucketName, { longest: 63, lowerCase: true });
      await site.call('s3', 'CreateBucket', { Bucket });
      site.made({ id: Bucket });
      await configure(Bucket, properties, site, {});
      const TagSet = site.tags(properties.Tags);
      if (TagSet.length > 0) await site.call('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet } });
      return { id: Bucket, attributes: attributesOf(Bucket, site) };
    },

    async update(before, properties: Bucket, site, previous: Bucket) {
      refuseUnmodelled(properties);
      await configure(before.id, properties, site, previous);
      await retag(properties.Tags, previous.Tags, site, {
        untag: () => site.call('s3', 'DeleteBucketTagging', { Bucket: before.id }),
        tag: (TagSet) => site.call('s3', 'PutBucketTagging', { Bucket: before.id, Tagging: { TagSet } }),
      });
      return before;
    },

    async delete({ id: Bucket }, site) {
      await site.call('s3', 'DeleteBucket', { Bucket });
    },
  },

  'AWS::S3::BucketPolicy': {
    async create(properties: BucketPolicy, site) {
      await putPolicy(properties, site);
      return { id: properties.Bucket };
    },

    async update(before, properties: BucketPolicy, site) {
      await putPolicy(properties, site);
      return before;
    },

    async delete({ id: Bucket }, site) {
      await site.call('s3', 'DeleteBucketPolicy', { Bucket });
    },
  },
} satisfies ResourceTypes;

const putPolicy = ({ Bucket, PolicyDocument }: BucketPolicy, site: Site) =>
  site.call('s3', 'PutBucketPolicy', { Bucket, Policy: JSON.stringify(PolicyDocument) });

/** Each property with the operation that sets it, the one that takes it away, and the shape that S3 wants. */
const SETTINGS: Record<string, { put: string; remove?: string; input(value: never): object }> = {
  BucketEncryption: {
    put: 'PutBucketEncryption',
    remove: 'DeleteBucketEncryption',
    input: ({
      ServerSideEncryptionConfiguration: rules,
    }: {
      ServerSideEncryptionConfiguration: Dictionary[];
    }) => ({
      ServerSideEncryptionConfiguration: {
        Rules: rules.map(({ ServerSideEncryptionByDefault, ...rule }) => ({
          ...rule,
          ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
        })),
      },
    }),
  },
  VersioningConfiguration: {
    put: 'PutBucketVersioning',
    input: (VersioningConfiguration) => ({ VersioningConfiguration }),
  },
  PublicAccessBlockConfiguration: {
    put: 'PutPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    input: (PublicAccessBlockConfiguration) => ({ PublicAccessBlockConfiguration }),
  },
  OwnershipControls: {
    put: 'PutBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    input: (OwnershipControls) => ({ OwnershipControls }),
  },
  LifecycleConfiguration: {
    put: 'PutBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    input: ({ Rules }: { Rules: Dictionary[] }) => ({
      LifecycleConfiguration: { Rules: Rules.map(lifecycleRule) },
    }),
  },
  CorsConfiguration: {
    put: 'PutBucketCors',
    remove: 'DeleteBucketCors',
    input: ({ CorsRules }: { CorsRules: Dictionary[] }) => ({
      CORSConfiguration: { CORSRules: CorsRules.map(corsRule) },
    }),
  },
  NotificationConfiguration: {
    put: 'PutBucketNotificationConfiguration',
    input: (configuration) => ({ NotificationConfiguration: notifications(configuration) }),
  },
};

const MODELLED = new Set([...Object.keys(SETTINGS), 'BucketName', 'AccessControl', 'Tags']);

function refuseUnmodelled(properties: Bucket): void {
  const name = Object.keys(properties).find((each) => !MODELLED.has(each));
  if (name !== undefined) throw notModelled(`${name} of a bucket`);
  if (properties.AccessControl !== undefined && properties.AccessControl !== 'Private')
    throw notModelled(`the access control ${properties.AccessControl}`);
}

async function configure(Bucket: string, properties: Bucket, site: Site, previous: Bucket): Promise<void> {
  for (const [name, { put, remove, input }] of Object.entries(SETTINGS)) {
    const [before, after] = [previous[name], properties[name]];
    if (same(before, after)) continue;
    if (after !== undefined) await site.call('s3', put, { Bucket, ...input(after as never) });
    else if (remove) await site.call('s3', remove, { Bucket });
    else
      await site.call('s3', put, {
        Bucket,
        ...input((name === 'VersioningConfiguration' ? { Status: 'Suspended' } : {}) as never),
      });
  }
}

/** CloudFormation's flat names against S3's nested ones. */
function lifecycleRule({
  Id,
  Status,
  Prefix,
  ExpirationInDays,
  ExpirationDate,
  ...rest
}: Dictionary): object {
  const { AbortIncompleteMultipartUpload, NoncurrentVersionExpiration, ...others } = rest;
  const [unmodelled] = Object.keys(others);
  if (unmodelled !== undefined) throw notModelled(`${unmodelled} of a lifecycle rule`);
  return {
    ID: Id,
    Status,
    Filter: { Prefix: Prefix ?? '' },
    ...(ExpirationInDays === undefined && ExpirationDate === undefined
      ? {}
      : {
          Expiration: {
            Days: ExpirationInDays,
            ...(ExpirationDate === undefined ? {} : { Date: new Date(textOf(ExpirationDate)) }),
          },
        }),
    ...(AbortIncompleteMultipartUpload === undefined ? {} : { AbortIncompleteMultipartUpload }),
    ...(NoncurrentVersionExpiration === undefined ? {} : { NoncurrentVersionExpiration }),
  };
}

const corsRule = ({ Id, MaxAge, ExposedHeaders, ...rule }: Dictionary): object => ({
  ...rule,
  ...(ExposedHeaders === undefined ? {} : { ExposeHeaders: ExposedHeaders }),
  ...(Id === undefined ? {} : { ID: Id }),
  ...(MaxAge === undefined ? {} : { MaxAgeSeconds: MaxAge }),
});

interface Notifications {
  EventBridgeConfiguration?: { EventBridgeEnabled: boolean };
  LambdaConfigurations?: Notified[];
  QueueConfigurations?: Notified[];
  TopicConfigurations?: Notified[];
}

interface Notified {
  Event: string;
  Function?: string;
  Queue?: string;
  Topic?: string;
  Filter?: { S3Key: { Rules: Dictionary[] } };
}

function notifications({
  EventBridgeConfiguration,
  LambdaConfigurations = [],
  QueueConfigurations = [],
  TopicConfigurations = [],
}: Notifications): object {
  return {
    ...(EventBridgeConfiguration?.EventBridgeEnabled ? { EventBridgeConfiguration: {} } : {}),
    LambdaFunctionConfigurations: LambdaConfigurations.map((each) => ({
      ...common(each),
      LambdaFunctionArn: each.Function,
    })),
    QueueConfigurations: QueueConfigurations.map((each) => ({ ...common(each), QueueArn: each.Queue })),
    TopicConfigurations: TopicConfigurations.map((each) => ({ ...common(each), TopicArn: each.Topic })),
  };
}

const common = ({ Event, Filter }: Notified) => ({
  Events: [Event],
  ...(Filter ? { Filter: { Key: { FilterRules: Filter.S3Key.Rules } } } : {}),
});
const attributesOf = (bucket: string, { region }: Site): Dictionary => ({
  Arn: `arn:aws:s3:::${bucket}`,
  DomainName: `${bucket}.s3.amazonaws.com`,
  DualStackDomainName: `${bucket}.s3.dualstack.${region}.amazonaws.com`,
  RegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
  WebsiteURL: `http://${bucket}.s3-website-${region}.amazonaws.com`,
});
