import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SPARE_RECEIVES } from '../../functions/runtime/consume/attempts.ts';
import { raiseConsumerAlarms } from './consumer-alarms.ts';
import { commandsOf, eventsOf, typesOf, type Contract, type Route } from './contracts.ts';
import { allow } from './grants.ts';
import { handlerFunction, handlerPath } from './function.ts';
import { pascal } from './names.ts';
import { mergedPattern } from './pattern.ts';
import type { Pipeline } from './pipeline.ts';
import { fifoQueue, standardQueue, type SourceQueue, type SourceQueueProps } from './queues.ts';
import { MOST_RECEIVES, receivesWithin } from './receives.ts';
import { route } from './route.ts';
import { consumerTable } from './table.ts';

export interface ConsumerProps {
  /** What it listens to: events, events narrowed by `where`, and commands. A command has one consumer. */
  readonly on: readonly Route[];
  /** The events that it publishes. A decision for another is dead-lettered as UNDECLARED. @default none */
  readonly publishes?: readonly (Contract & { readonly kind: 'event' })[];
  /** The commands that it sends. A decision for another is dead-lettered as UNDECLARED. @default none */
  readonly sends?: readonly (Contract & { readonly kind: 'command' })[];
  /**
   * Without a table: nothing is remembered, an event may be handled twice, and what it publishes goes straight to the
   * bus. @default false
   */
  readonly stateless?: boolean;
  /**
   * Why messages that go round through this consumer come to an end. @default a cycle through it is refused at synth,
   * unless another consumer of the cycle breaks it
   */
  readonly breaksCycle?: string;
  /** The longest outage of what it depends on that makes no dead letter. @default 6 hours */
  readonly tolerates?: Duration;
  /** Whether requests may name it in `replyto`. Replies come into its queue, the one of its events if it has both. @default false */
  readonly getsReplies?: boolean;
  /**
   * When marks of what was handled may go: an older event without a mark is then dead-lettered as EXPIRED, never run.
   * At least as long as a copy can arrive: queue, dead-letter queue and archive added up. @default never
   */
  readonly marks?: { readonly expireAfter: Duration };
  /** How long one batch may take. @default 30 seconds */
  readonly timeout?: Duration;
  /** MiB. @default 512 */
  readonly memory?: number;
  /** The most records in a batch; above 10 it needs a `batchWindow`, and commands never have more. @default 10 */
  readonly batchSize?: number;
  /** How long to wait for a fuller batch of events, at most 5 minutes. @default none */
  readonly batchWindow?: Duration;
  /** The most batches at once for each of its queues, 2 to 1,000. @default 50 in production, 2 in other stages */
  readonly maxConcurrency?: number;
  /** The module that exports `handler`, from the root. @default `functions/<name>/handler.ts` */
  readonly handler?: string;
  /** Further environment variables. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A consumer and all that stands between it and the bus: rule, queues, dead-letter queues, function, table, permissions
 * and alarms. Made by `pipeline.consumer(…)`; its parts are ordinary CDK objects.
 */
export class Consumer extends Construct {
  readonly name: string;
  readonly props: ConsumerProps;
  readonly bus: events.IEventBus;
  readonly function: lambda.Function;
  /** Marks, aggregates and the outbox. Absent if it is stateless. */
  readonly table: dynamodb.Table | undefined;
  /** Standard queue of its events. Absent if it listens to commands only. */
  readonly queue: sqs.Queue | undefined;
  readonly deadLetterQueue: sqs.Queue | undefined;
  /** FIFO queue of its commands. Absent if it listens to events only. */
  readonly commandQueue: sqs.Queue | undefined;
  readonly commandDeadLetterQueue: sqs.Queue | undefined;
  /** The rule that brings its events, and where they go if its queue cannot be reached. */
  readonly rule: events.Rule | undefined;
  readonly ruleDeadLetterQueue: sqs.Queue | undefined;

  constructor(pipeline: Pipeline, name: string, props: ConsumerProps) {
    super(pipeline, pascal(name));
    const { stage, bus } = pipeline;
    const { on, timeout = Duration.seconds(30), tolerates = Duration.hours(6), batchWindow } = props;
    const events = eventsOf(on);
    const maxReceives = receivesWithin(tolerates);
    const queueProps: SourceQueueProps = {
      stage,
      timeout,
      maxReceives: Math.min(maxReceives + SPARE_RECEIVES, MOST_RECEIVES),
    };
    this.name = name;
    this.props = props;
    this.bus = bus;

    const forEvents =
      events.length > 0 ? standardQueue(this, 'Events', { ...queueProps, window: batchWindow }) : undefined;
    const forCommands =
      commandsOf(on).length > 0
        ? fifoQueue(
            this,
            'Commands',
            props.stateless ? queueProps : { ...queueProps, maxReceives: MOST_RECEIVES },
          )
        : undefined;
    this.queue = forEvents?.queue;
    this.deadLetterQueue = forEvents?.deadLetterQueue;
    this.commandQueue = forCommands?.queue;
    this.commandDeadLetterQueue = forCommands?.deadLetterQueue;

    const routed = this.queue && route(this, this.queue, { stage, bus, pattern: mergedPattern(events) });
    this.rule = routed?.rule;
    this.ruleDeadLetterQueue = routed?.deadLetterQueue;

    const expireAfter = props.marks?.expireAfter;
    this.table = props.stateless
      ? undefined
      : consumerTable(this, 'Table', stage, { marksExpire: expireAfter !== undefined });
    this.function = handlerFunction(this, 'Function', {
      stage,
      description: `${name}: handles ${typesOf(on).join(', ')}`,
      entry: handlerPath(pipeline.root, name, props.handler),
      timeout,
      memory: props.memory ?? 512,
      environment: {
        ...props.environment,
        SPILLWAY_CONSUMER: name,
        SPILLWAY_BUS: bus.eventBusName,
        ...(this.table && { SPILLWAY_TABLE: this.table.tableName, SPILLWAY_SAYS: typesSaid(props) }),
        ...(this.sendsItself && { SPILLWAY_QUEUES: pipeline.commands.urls(this.sends) }),
        SPILLWAY_DEAD_LETTER_URLS: deadLetterUrls(forEvents, forCommands),
        SPILLWAY_MAX_RECEIVES: String(maxReceives),
        ...(expireAfter && { SPILLWAY_MARKS_EXPIRE_AFTER: String(expireAfter.toSeconds()) }),
      },
    });
    this.reads(forEvents, pipeline);
    this.reads(forCommands, pipeline);
    this.says(pipeline);
    if (props.getsReplies) pipeline.relay.replyTo(name, (this.queue ?? this.commandQueue)!);
    raiseConsumerAlarms(this, pipeline.alarms, tolerates);
  }

  private reads(source: SourceQueue | undefined, { stage }: Pipeline): void {
    if (!source) return;
    const { batchSize = 10, batchWindow, maxConcurrency = stage.maxConcurrency } = this.props;
    const fifo = source.queue.fifo;
    this.function.addEventSource(
      new SqsEventSource(source.queue, {
        batchSize: fifo ? Math.min(batchSize, 10) : batchSize,
        maxBatchingWindow: fifo ? undefined : batchWindow,
        maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    allow(this.function, ['sqs:SendMessage'], source.deadLetterQueue.queueArn);
  }

  /** Through the outbox in its table, which the relay publishes; without a table, itself. */
  private says({ bus, relay, commands }: Pipeline): void {
    if (this.table) {
      allow(this.function, COMMIT_ACTIONS, this.table.tableArn);
      relay.follow(this.name, this.table);
      return;
    }
    if (this.props.publishes?.length) allow(this.function, ['events:PutEvents'], bus.eventBusArn);
    if (this.sendsItself) commands.send(this.function, this.sends);
  }

  private readonly sends = (type: string): boolean => !!this.props.sends?.some((one) => one.type === type);

  private get sendsItself(): boolean {
    return !this.table && !!this.props.sends?.length;
  }
}

const typesSaid = ({ publishes = [], sends = [] }: ConsumerProps): string =>
  JSON.stringify(typesOf([...publishes, ...sends]));

/** What one commit does: reads the aggregates, then puts mark, aggregates and outbox rows in one transaction. */
const COMMIT_ACTIONS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'];

const deadLetterUrls = (...sources: (SourceQueue | undefined)[]): string =>
  JSON.stringify(
    Object.fromEntries(
      sources.flatMap((source) => (source ? [[source.queue.queueArn, source.deadLetterQueue.queueUrl]] : [])),
    ),
  );
