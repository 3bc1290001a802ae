/** What notifications say of an object that came or went. */
import type { Call } from '../../service.ts';
import type { Bucket, Version } from './store.ts';

export interface Happening {
  bucket: Bucket;
  /** Such as `ObjectCreated:Put`. */
  event: string;
  version: Version;
  call: Call;
  /** Milliseconds since 1970. */
  at: number;
  sequencer: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const record = (happening: Happening, configurationId: string) => {
  const { bucket, event, version, call, at, sequencer } = happening;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: call.region,
    eventTime: new Date(at).toISOString(),
    eventName: event,
    userIdentity: {
      principalId: `AWS:${call.principal.kind === 'service' ? call.principal.arn : call.principal.userId}`,
    },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': call.requestId, 'x-amz-id-2': HOST_ID },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket.name, ownerIdentity: { principalId: call.account }, arn: arnOf(bucket) },
      object: {
        key: encodeURIComponent(version.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        ...sizeOf(happening, 'eTag'),
        ...(bucket.versioning ? { versionId: version.id } : {}),
        sequencer,
      },
    },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const eventBridgeEntry = (happening: Happening) => {
  const { bucket, event, version, call, at, sequencer } = happening;
  return {
    Source: 'aws.s3',
    DetailType: event.startsWith('ObjectCreated') ? 'Object Created' : 'Object Deleted',
    Resources: [arnOf(bucket)],
    Time: new Date(at),
    Detail: JSON.stringify({
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...sizeOf(happening, 'etag'),
        ...(bucket.versioning ? { 'version-id': version.id } : {}),
        sequencer,
      },
      'request-id': call.requestId,
      requester: call.account,
      'source-ip-address': '127.0.0.1',
      reason: REASONS[event],
      ...DELETION_TYPES[event],
    }),
  };
};

const REASONS: Record<string, string> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
  'ObjectRemoved:Delete': 'DeleteObject',
  'ObjectRemoved:DeleteMarkerCreated': 'DeleteObject',
};

const DELETION_TYPES: Record<string, object> = {
  'ObjectRemoved:Delete': { 'deletion-type': 'Permanently Deleted' },
  'ObjectRemoved:DeleteMarkerCreated': { 'deletion-type': 'Delete Marker Created' },
};

/** What was removed has no size any more, and a delete marker the ETag of nothing. */
function sizeOf({ event, version: { body, etag } }: Happening, name: string): object {
  if (event === 'ObjectRemoved:DeleteMarkerCreated') return { [name]: ETAG_OF_NOTHING };
  return event.startsWith('ObjectCreated') ? { size: body?.length, [name]: etag.replaceAll('"', '') } : {};
}

const ETAG_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

export const arnOf = ({ name }: Bucket) => `arn:aws:s3:::${name}`;

export const HOST_ID = 'embedded';
