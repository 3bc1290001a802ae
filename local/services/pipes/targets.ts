/** How each kind of target is sent a batch. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html */
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { partsOf, queueUrl } from '../events/calls.ts';
import { filled, type Invocation } from '../events/invoke-api-destination.ts';
import { invoked, type Caller } from './call.ts';
import type { Definition, Pipe } from './pipe.ts';
import { dynamic } from './shape.ts';

/** One event of a batch. */
export interface Item {
  /** Empty when the enrichment dropped it. */
  id: string;
  /** As the paths of parameters see it. */
  event: unknown;
  /** What the target is sent. */
  text: string;
}

/** Answers the ids of those that failed; throws when all did. */
type Send = (items: Item[]) => Promise<string[]>;

interface Kind {
  /** Its own member of TargetParameters. @default it has none */
  parameters?: keyof NonNullable<Definition['TargetParameters']>;
  /** Events in a batch. */
  most: number;
  send(world: World, pipe: Pipe, call: Caller): Send;
}

/** How many events a batch for a target may have. */
export const most = (target: string): number => kindOf(target)?.most ?? 1;

/** @default pipes to such a target are not modelled */
export function kindOf(target: string): Kind | undefined {
  const { service, resource } = partsOf(target);
  return KINDS[service === 'events' ? resource.split('/')[0]! : service];
}

const KINDS: Record<string, Kind> = {
  'event-bus': { parameters: 'EventBridgeEventBusParameters', most: 10, send: toBus },
  'api-destination': { parameters: 'HttpParameters', most: 1, send: toEndpoint },
  sqs: { parameters: 'SqsQueueParameters', most: 10, send: toQueue },
  sns: { most: 10, send: toTopic },
  lambda: { parameters: 'LambdaFunctionParameters', most: 10_000, send: toFunction },
  logs: { parameters: 'CloudWatchLogsParameters', most: 10_000, send: toLog },
};

function toBus(_world: World, { name, definition }: Pipe, call: Caller): Send {
  const {
    Source = `Pipe ${name}`,
    DetailType = `Event from aws:${partsOf(definition.Source).service}`,
    Resources = [],
    Time,
  } = definition.TargetParameters?.EventBridgeEventBusParameters ?? {};
  return async (items) => {
    const { Entries = [] } = await call<{ Entries?: { ErrorCode?: string }[] }>('events', 'PutEvents', {
      Entries: items.map(({ event, text }) => ({
        EventBusName: definition.Target,
        Source: dynamic(Source, event),
        DetailType: dynamic(DetailType, event),
        Resources: Resources.map((resource) => dynamic(resource, event)),
        Detail: text,
        ...(Time !== undefined && { Time: new Date(dynamic(Time, event) ?? Number.NaN) }),
      })),
    });
    return items.flatMap(({ id }, i) => (Entries[i]?.ErrorCode === undefined ? [] : id));
  };
}

/** One request for each event. */
function toEndpoint(_world: World, { definition }: Pipe, call: Caller): Send {
  return async (items) => {
    for (const { event, text } of items) {
      const invocation: Invocation = {
        ApiDestinationArn: definition.Target,
        HttpParameters: filled(
          definition.TargetParameters?.HttpParameters,
          (given) => dynamic(given, event) ?? '',
        ),
        Body: text,
      };
      await call('events', 'InvokeApiDestination', invocation);
    }
    return [];
  };
}

/** Those of a batch whose entries, which are called by their index, failed. */
const failedOf = (items: Item[], failed: { Id?: string }[] = []): string[] =>
  failed.map(({ Id }) => items[Number(Id)]!.id);

interface Batched {
  Failed?: { Id?: string }[];
}

function toQueue({ endpoint }: World, { definition }: Pipe, call: Caller): Send {
  const { MessageGroupId, MessageDeduplicationId } = definition.TargetParameters?.SqsQueueParameters ?? {};
  return async (items) => {
    const { Failed } = await call<Batched>('sqs', 'SendMessageBatch', {
      QueueUrl: queueUrl(endpoint(), definition.Target),
      Entries: items.map(({ event, text }, i) => ({
        Id: String(i),
        MessageBody: text,
        MessageGroupId: dynamic(MessageGroupId, event),
        MessageDeduplicationId: dynamic(MessageDeduplicationId, event),
      })),
    });
    return failedOf(items, Failed);
  };
}

function toTopic(_world: World, { definition }: Pipe, call: Caller): Send {
  return async (items) => {
    const { Failed } = await call<Batched>('sns', 'PublishBatch', {
      TopicArn: definition.Target,
      PublishBatchRequestEntries: items.map(({ text }, i) => ({ Id: String(i), Message: text })),
    });
    return failedOf(items, Failed);
  };
}

/** A function gets the whole batch as one list, and may answer which of it failed. */
function toFunction(_world: World, { definition }: Pipe, call: Caller): Send {
  const { InvocationType } = definition.TargetParameters?.LambdaFunctionParameters ?? {};
  return async (items) => {
    const payload = `[${items.map(({ text }) => text).join(',')}]`;
    if (InvocationType === 'FIRE_AND_FORGET') {
      const Payload = Buffer.from(payload);
      await call('lambda', 'Invoke', { FunctionName: definition.Target, InvocationType: 'Event', Payload });
      return [];
    }
    const answer = await invoked(call, definition.Target, payload);
    const { batchItemFailures } = Object(answer) as { batchItemFailures?: { itemIdentifier?: string }[] };
    return Array.isArray(batchItemFailures)
      ? batchItemFailures.map(({ itemIdentifier = '' }) => itemIdentifier)
      : [];
  };
}

/** The stream that is named; where none is, one for the pipe. */
function toLog({ random, clock }: World, { definition }: Pipe, call: Caller): Send {
  const own = random.uuid();
  const logGroupName = partsOf(definition.Target).resource.replace(/^log-group:|:\*$/g, '');
  const { LogStreamName = own, Timestamp } = definition.TargetParameters?.CloudWatchLogsParameters ?? {};
  const put = (logStreamName: string, { event, text }: Item) =>
    call('logs', 'PutLogEvents', {
      logGroupName,
      logStreamName,
      logEvents: [{ timestamp: Number(dynamic(Timestamp, event) ?? clock.now()), message: text }],
    });
  return async (items) => {
    for (const item of items) {
      const stream = dynamic(LogStreamName, item.event) ?? own;
      try {
        await put(stream, item);
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
        await call('logs', 'CreateLogStream', { logGroupName, logStreamName: stream });
        await put(stream, item);
      }
    }
    return [];
  };
}
