import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, MathExpression, TextWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Api } from './api.ts';
import type { Consumer } from './consumer.ts';
import { metric } from './metrics.ts';
import type { Relay } from './relay.ts';

export interface PipelineDashboardProps {
  readonly relay: Relay;
}

/** That of the metrics. */
const MINUTE = Duration.minutes(1);

/** A dashboard is this wide; the graphs of a row share it. */
const WIDTH = 24;

/** A row for the relay and one for each consumer and API: what goes through, what waits, what fails, how long it takes. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { relay }: PipelineDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Resource');
    const FunctionName = relay.function.functionName;
    this.row('relay', {
      Throughput: [metric('published', { Relay: FunctionName })],
      Lag: [metric('lag', { Relay: FunctionName }), metric('iteratorAge', { FunctionName })],
      Failed: [
        metric('failed', { Relay: FunctionName }),
        metric('errors', { FunctionName }),
        metric('throttles', { FunctionName }),
        metric('messagesVisible', { QueueName: relay.failureQueue.queueName }),
      ],
    });
  }

  show(consumer: Consumer): void {
    const { name, bus, queue, commandQueue, deadLetterQueue, commandDeadLetterQueue, ruleDeadLetterQueue } =
      consumer;
    const Consumer = { Bus: bus.eventBusName, Consumer: name };
    const FunctionName = consumer.function.functionName;
    const depthOf = (...queues: (typeof queue)[]) =>
      queues.flatMap((one) => (one ? [metric('messagesVisible', { QueueName: one.queueName })] : []));
    const ageOf = (...queues: (typeof queue)[]) =>
      queues.flatMap((one) => (one ? [metric('oldestMessage', { QueueName: one.queueName })] : []));

    this.row(name, {
      Throughput: [metric('received', Consumer), metric('succeeded', Consumer)],
      'Success and availability, %': [
        share('Success', metric('succeeded', Consumer), metric('received', Consumer)),
        availability(FunctionName),
      ],
      'Latency p99': [
        metric('waiting', Consumer),
        metric('transit', Consumer),
        metric('processing', Consumer),
      ],
      Backlog: [...depthOf(queue, commandQueue), ...ageOf(queue, commandQueue)],
      Failed: [
        metric('retries', Consumer),
        ...depthOf(deadLetterQueue, commandDeadLetterQueue, ruleDeadLetterQueue),
        metric('errors', { FunctionName }),
        metric('throttles', { FunctionName }),
      ],
    });
  }

  showApi({ name, restApi, function: fn }: Api): void {
    const Api = { ApiName: restApi.restApiName, Stage: restApi.deploymentStage.stageName };
    const FunctionName = fn.functionName;
    this.row(`${name} API`, {
      Throughput: [metric('apiRequests', Api)],
      'Latency p99': [metric('apiLatency', Api)],
      Failed: [
        metric('apiClientErrors', Api),
        metric('apiServerErrors', Api),
        metric('errors', { FunctionName }),
        metric('throttles', { FunctionName }),
      ],
    });
  }

  private row(title: string, graphs: Record<string, IMetric[]>): void {
    this.dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: WIDTH, height: 1 }));
    const width = Math.floor(WIDTH / Object.keys(graphs).length);
    this.dashboard.addWidgets(
      ...Object.entries(graphs).map(([title, left]) => new GraphWidget({ title, left, width })),
    );
  }
}

/** `part` in percent of `whole`. */
const share = (label: string, part: IMetric, whole: IMetric): MathExpression =>
  new MathExpression({
    label,
    period: MINUTE,
    expression: '100 * part / whole',
    usingMetrics: { part, whole },
  });

/** Invocations that neither failed nor were refused, in percent. What did not happen has no value, and would take the whole with it. */
const availability = (FunctionName: string): MathExpression =>
  new MathExpression({
    label: 'Availability',
    period: MINUTE,
    expression:
      '100 * (1 - (FILL(errors, 0) + FILL(throttles, 0)) / (FILL(invocations, 0) + FILL(throttles, 0)))',
    usingMetrics: {
      errors: metric('errors', { FunctionName }),
      throttles: metric('throttles', { FunctionName }),
      invocations: metric('invocations', { FunctionName }),
    },
  });
