/** Tells queues, functions, topics and EventBridge of what happens in a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html */
import type { NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { servicePrincipal, type Principal } from '../../principal.ts';
import { tasks } from '../../durability/tasks.ts';
import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Told } from './objects.ts';
import { notificationsOf, type Tested } from './settings.ts';
import { arnOf, eventBridgeEntry, HOST_ID, record, type Happening } from './happening.ts';
import type { Bucket } from './store.ts';

export interface Notifications {
  told: Told;
  /** Sends the message by which S3 makes sure that it may, to a function none; throws when it may not. */
  tested: Tested;
}

export function notifications(world: World): Notifications {
  const as = (source: string) => servicePrincipal(world.account, 's3.amazonaws.com', source);
  const send = sender(world, as);
  /** Nobody waits for a notification, and one that is refused is lost, as on AWS. */
  const refused = (from: string, to: string) => (error: unknown) =>
    world.activity.tell({ kind: 'delivery', from, to, error: String(error) });
  const begin = tasks(world, 's3/notifications', (notice: Notice) =>
    send(notice).catch(refused(notice.source, notice.arn)),
  );

  const nextSequencer = sequencers(world);

  return {
    told(bucket, event, version, call) {
      const configuration = notificationsOf(bucket);
      const source = arnOf(bucket);
      const happening: Happening = {
        bucket,
        event,
        version,
        call,
        at: call.now(),
        sequencer: nextSequencer(),
      };
      for (const destination of destinationsOf(configuration))
        if (wants(destination, event, version.key)) {
          const message = JSON.stringify({ Records: [record(happening, destination.id)] });
          begin({ source, kind: destination.kind, arn: destination.arn, message });
        }
      if (configuration.EventBridgeConfiguration) {
        // Past the policies: AWS's own services need nobody's leave to publish on the default bus.
        const { PutEvents } = world.service('events').operations;
        const input = { Entries: [eventBridgeEntry(happening)] };
        Promise.resolve(PutEvents(input, { ...call, principal: as(source) })).catch(
          refused(source, 'EventBridge'),
        );
      }
    },

    async tested(bucket, configuration, call) {
      const message = testMessage(bucket, call);
      const source = arnOf(bucket);
      for (const { kind, arn } of destinationsOf(configuration)) {
        const trial =
          kind === 'lambda'
            ? world.call(as(source), 'lambda', 'Invoke', { FunctionName: arn, InvocationType: 'DryRun' })
            : send({ source, kind, arn, message });
        await trial.catch(() => {
          throw new AwsError(
            'InvalidArgument',
            'Unable to validate the following destination configurations',
          );
        });
      }
    },
  };
}

type As = (source: string) => Principal;

function sender(world: World, as: As): (notice: Notice) => Promise<unknown> {
  return ({ source, kind, arn, message }) => {
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
}

/** Later ones are greater, those of one moment too: that is how consumers tell in which order things happened. */
function sequencers({ clock }: World): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now() * 1000);
    return last.toString(16).toUpperCase().padStart(16, '0');
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
