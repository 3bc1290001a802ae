import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Declared } from '../checks/check.ts';
import { checkAtSynth } from '../checks/plugin.ts';
import { referredId } from '../checks/template.ts';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Api, saidBy, type ApiProps } from './api.ts';
import { CommandRoutes } from './command-routes.ts';
import { Consumer, type ConsumerProps } from './consumer.ts';
import { commandsOf, eventsOf, typesOf, type Contract } from './contracts.ts';
import { PipelineDashboard } from './dashboard.ts';
import { Discovery } from './discovery.ts';
import { Relay } from './relay.ts';
import { stageOf, type Stage } from './stage.ts';
import { Unrouted } from './unrouted.ts';

export interface PipelineProps {
  /** `production` keeps its data when the stack goes; every other stage vanishes whole. */
  readonly stage: string;
  /** Who is told when something fails. A stage that keeps data needs somebody. @default nobody */
  readonly alarms?: AlarmsProps;
  /** A bus that exists. Its archive and what nobody listens to are its owner's affair. @default a new bus with both */
  readonly bus?: events.IEventBus;
  /** How long the archive keeps events. @default 90 days */
  readonly archiveFor?: Duration;
  /** Events for listeners outside this stack; they are not reported as unrouted. @default none */
  readonly heardElsewhere?: readonly Contract[];
  /** The folder that handlers are named from. @default the working directory */
  readonly root?: string;
}

/** A bus, those who listen to it, and everything between. */
export class Pipeline extends Construct {
  /** The id in lower case; it is found under this name. */
  readonly name: string;
  readonly stage: Stage;
  readonly root: string;
  readonly bus: events.IEventBus;
  /** Absent on an imported bus. */
  readonly archive: events.CfnArchive | undefined;
  /** What nobody listens to. Absent on an imported bus. */
  readonly unrouted: Unrouted | undefined;
  readonly alarms: Alarms;
  readonly commands = new CommandRoutes();
  readonly relay: Relay;
  readonly dashboard: PipelineDashboard;
  readonly discovery: Discovery;
  readonly heardElsewhere: readonly Contract[];
  readonly #consumers: Consumer[] = [];
  readonly #apis: Api[] = [];

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const {
      stage,
      alarms,
      bus,
      archiveFor = Duration.days(90),
      heardElsewhere = [],
      root = process.cwd(),
    } = props;
    if (props.bus?.eventBusName === 'default') {
      throw new Error(
        `${id} needs a bus of its own: the default bus carries the events of AWS services too.`,
      );
    }
    checkAtSynth(this);
    this.name = id.toLowerCase();
    this.stage = stageOf(stage);
    this.root = root;
    this.heardElsewhere = heardElsewhere;
    this.alarms = new Alarms(this, 'Alarms', alarms);
    this.bus =
      bus ?? new events.EventBus(this, 'Bus', { description: `What happens in ${id}, stage ${stage}` });
    this.archive = bus ? undefined : this.archived(archiveFor);
    this.unrouted = bus ? undefined : this.withUnrouted();
    this.relay = new Relay(this, 'Relay', this);
    this.dashboard = new PipelineDashboard(this, 'Dashboard', this);
    this.discovery = new Discovery(this, 'Discovery');
    this.output('BusName', this.bus.eventBusName, 'Events are published here');
    this.output('DiscoveryPath', this.discovery.path, 'SSM parameters for producers and tools');
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers;
  }

  /** Adds a consumer. Its function is `functions/<name>/handler.ts`. */
  consumer(name: string, props: ConsumerProps): Consumer {
    if (props.on.length === 0) throw new Error(`${name} listens to nothing: name its contracts in \`on\`.`);
    this.refuseSecondListener(name, props);
    const consumer = new Consumer(this, name, props);
    this.#consumers.push(consumer);
    for (const { type } of commandsOf(props.on)) this.commands.receive(type, consumer.commandQueue!);
    this.dashboard.show(consumer);
    this.discovery.announce(consumer);
    return consumer;
  }

  /** Adds a way in over HTTP. Its function is `functions/<name>/api.ts`. */
  api(name: string, props: ApiProps): Api {
    const api = new Api(this, name, props);
    this.#apis.push(api);
    this.dashboard.showApi(api);
    this.discovery.announceApi(api);
    return api;
  }

  /** What the checks at synth hold the template against. */
  declared(): Declared {
    const stack = Stack.of(this);
    const idOf = (fn: lambda.Function) => referredId(stack.resolve(fn.functionName))!;
    return {
      keepsData: this.stage.keepsData,
      bus: this.archive && referredId(stack.resolve(this.bus.eventBusName)),
      heardElsewhere: typesOf(this.heardElsewhere),
      consumers: [
        ...this.#consumers.map(({ name, function: fn, props }) => ({
          name,
          function: idOf(fn),
          on: typesOf(props.on),
          publishes: typesOf(props.publishes ?? []),
          sends: typesOf(props.sends ?? []),
          breaksCycle: props.breaksCycle !== undefined,
        })),
        ...this.#apis.map(({ name, function: fn, props }) => ({
          name: `${name} API`,
          function: idOf(fn),
          on: [],
          publishes: typesOf(saidBy(props).filter(({ kind }) => kind === 'event')),
          sends: typesOf(saidBy(props).filter(({ kind }) => kind === 'command')),
          breaksCycle: false,
        })),
      ],
    };
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description }).overrideLogicalId(`${this.node.id}${name}`);
  }

  /** Everything that was ever published, so that it can be replayed. */
  private archived(archiveFor: Duration): events.CfnArchive {
    const archive = new events.CfnArchive(this, 'Archive', {
      sourceArn: this.bus.eventBusArn,
      retentionDays: archiveFor.toDays(),
    });
    archive.applyRemovalPolicy(this.stage.removalPolicy);
    return archive;
  }

  private withUnrouted(): Unrouted {
    const routed = () => [
      ...this.#consumers.flatMap(({ props }) => eventsOf(props.on)),
      ...this.heardElsewhere,
    ];
    const { stage, bus, alarms } = this;
    return new Unrouted(this, 'Unrouted', { stage, bus, alarms, routed });
  }

  private refuseSecondListener(name: string, { on }: ConsumerProps): void {
    for (const { type } of commandsOf(on)) {
      const other = this.#consumers.find(({ props }) =>
        commandsOf(props.on).some((one) => one.type === type),
      );
      if (!other) continue;
      throw new Error(
        `${name} cannot listen to ${type}: a command has one consumer, and this one goes to ${other.name}. Say what happened with an event instead.`,
      );
    }
  }
}
