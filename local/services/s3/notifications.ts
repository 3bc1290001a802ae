/** Tells queues, functions, topics and EventBridge of what happens in a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html */
import type { NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import { tasks } from '../../durability/tasks.ts';
import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Told } from './objects.ts';
import { notificationsOf, type Tested } from './settings.ts';
import type { Bucket, Version } from './store.ts';

export interface Notifications {
  told: Told;
  /** Sends the message by which S3 makes sure that it may; throws when it may not. */
  tested: Tested;
}

export function notifications(world: World): Notifications {
  const as = (source: string) => servicePrincipal(world.account, 's3.amazonaws.com', source);
  const send = ({ source, kind, arn, message }: Notice): Promise<unknown> => {
    if (kind === 'sqs') {
      const QueueUrl = world.service('sqs').urlOf(arn);
      return world.call(as(source), 'sqs', 'SendMessage', { QueueUrl, MessageBody: message });
    }
    if (kind === 'sns')
      return world.call(as(source), 'sns', 'Publish', {
        TopicArn: arn,
        Message: message,
        Subject: 'Amazon S3 Notification',
      });
    return world.call(as(source), 'lambda', 'Invoke', {
      FunctionName: arn,
      InvocationType: 'Event',
      Payload: Buffer.from(message),
    });
  };
  /** Nobody waits for a notification, and one that is refused is lost, as on AWS. */
  const refused = (from: string, to: string) => (error: unknown) =>
    world.activity.tell({ kind: 'delivery', from, to, error: String(error) });
  const begin = tasks(world, 's3/notifications', (notice: Notice) =>
    send(notice).catch(refused(notice.source, notice.arn)),
  );

  return {
    told(bucket, event, version, call) {
      const configuration = notificationsOf(bucket);
      const source = arnOf(bucket);
      for (const destination of destinationsOf(configuration))
        if (wants(destination, event, version.key)) {
          const message = JSON.stringify({ Records: [record(bucket, event, version, destination.id, call)] });
          begin({ source, kind: destination.kind, arn: destination.arn, message });
        }
      if (configuration.EventBridgeConfiguration) {
        // Past the policies: AWS's own services need nobody's leave to publish on the default bus.
        const { PutEvents } = world.service('events').operations;
        const input = { Entries: [eventBridgeEntry(bucket, event, version, call)] };
        Promise.resolve(PutEvents(input, { ...call, principal: as(source) })).catch(
          refused(source, 'EventBridge'),
        );
      }
    },

    async tested(bucket, configuration, call) {
      const message = testMessage(bucket, call);
      for (const destination of destinationsOf(configuration)) {
        if (destination.kind === 'lambda') continue;
        const { kind, arn } = destination;
        await send({ source: arnOf(bucket), kind, arn, message }).catch(() => {
          throw new AwsError(
            'InvalidArgument',
            'Unable to validate the following destination configurations',
          );
        });
      }
    },
  };
}

const testMessage = ({ name }: Bucket, { requestId, now }: Call) =>
  JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(now()).toISOString(),
    Bucket: name,
    RequestId: requestId,
    HostId: HOST_ID,
  });

/** One message to one destination; `source` is the bucket's ARN. */
interface Notice extends Pick<Destination, 'kind' | 'arn'> {
  source: string;
  message: string;
}

interface Destination {
  kind: 'sqs' | 'sns' | 'lambda';
  arn: string;
  id: string;
  events: string[];
  filter: NotificationConfigurationFilter | undefined;
}

function destinationsOf(configuration: NotificationConfiguration): Destination[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaFunctionConfigurations = [],
  } = configuration;
  const common = ({
    Id = '',
    Events = [],
    Filter: filter,
  }:
    | (typeof QueueConfigurations)[number]
    | (typeof TopicConfigurations)[number]
    | (typeof LambdaFunctionConfigurations)[number]) => ({
    id: Id,
    events: Events,
    filter,
  });
  return [
    ...QueueConfigurations.map((each) => ({
      kind: 'sqs' as const,
      arn: each.QueueArn ?? '',
      ...common(each),
    })),
    ...TopicConfigurations.map((each) => ({
      kind: 'sns' as const,
      arn: each.TopicArn ?? '',
      ...common(each),
    })),
    ...LambdaFunctionConfigurations.map((each) => ({
      kind: 'lambda' as const,
      arn: each.LambdaFunctionArn ?? '',
      ...common(each),
    })),
  ];
}

/** `s3:ObjectCreated:*` wants every way of creating. */
function wants({ events, filter }: Destination, event: string, key: string): boolean {
  const named = events.some((wanted) => wanted === `s3:${event}` || wanted === `s3:${event.split(':')[0]}:*`);
  const rules = filter?.Key?.FilterRules ?? [];
  return (
    named &&
    rules.every(({ Name, Value = '' }) =>
      Name?.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
    )
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const record = (
  bucket: Bucket,
  eventName: string,
  version: Version,
  configurationId: string,
  call: Call,
) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: call.region,
  eventTime: new Date(version.modified).toISOString(),
  eventName,
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
      ...sizeOf(version, 'eTag'),
      ...(bucket.versioning ? { versionId: version.id } : {}),
      sequencer: sequencer(version),
    },
  },
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const eventBridgeEntry = (bucket: Bucket, event: string, version: Version, call: Call) => ({
  Source: 'aws.s3',
  DetailType: event.startsWith('ObjectCreated') ? 'Object Created' : 'Object Deleted',
  Resources: [arnOf(bucket)],
  Time: new Date(version.modified),
  Detail: JSON.stringify({
    version: '0',
    bucket: { name: bucket.name },
    object: {
      key: version.key,
      ...sizeOf(version, 'etag'),
      ...(bucket.versioning ? { 'version-id': version.id } : {}),
      sequencer: sequencer(version),
    },
    'request-id': call.requestId,
    requester: call.account,
    'source-ip-address': '127.0.0.1',
    reason: REASONS[event],
    ...DELETION_TYPES[event],
  }),
});

const REASONS: Record<string, string> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectRemoved:Delete': 'DeleteObject',
  'ObjectRemoved:DeleteMarkerCreated': 'DeleteObject',
};

const DELETION_TYPES: Record<string, object> = {
  'ObjectRemoved:Delete': { 'deletion-type': 'Permanently Deleted' },
  'ObjectRemoved:DeleteMarkerCreated': { 'deletion-type': 'Delete Marker Created' },
};

/** What was removed has no size any more. */
const sizeOf = ({ body, etag }: Version, name: string) =>
  body ? { size: body.length, [name]: etag.replaceAll('"', '') } : {};

const sequencer = ({ modified }: Version) => modified.toString(16).toUpperCase().padStart(16, '0');

const arnOf = ({ name }: Bucket) => `arn:aws:s3:::${name}`;

const HOST_ID = 'embedded';
