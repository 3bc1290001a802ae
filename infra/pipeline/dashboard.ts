import { Dashboard, GraphWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Consumer } from './consumer.ts';
import { metric } from './metrics.ts';
import type { Relay } from './relay.ts';

/** Four graphs side by side fill the width of 24. */
const WIDTH = 6;

/** A row for the relay and one for each consumer: what goes through, what waits, what failed, how long it takes. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, relay: Relay) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Resource');
    const FunctionName = relay.function.functionName;
    this.row('relay', [
      graph('Lag', [metric('iteratorAge', { FunctionName })]),
      graph('Given up', [metric('messagesVisible', { QueueName: relay.failureQueue.queueName })]),
      graph('Errors', [metric('errors', { FunctionName }), metric('throttles', { FunctionName })]),
      graph('Duration p99', [metric('duration', { FunctionName })]),
    ]);
  }

  show(consumer: Consumer): void {
    const { queue, commandQueue, deadLetterQueue, commandDeadLetterQueue, ruleDeadLetterQueue } = consumer;
    const FunctionName = consumer.function.functionName;
    const sources = [queue, commandQueue].flatMap((one) => (one ? [{ QueueName: one.queueName }] : []));
    const dead = [deadLetterQueue, commandDeadLetterQueue, ruleDeadLetterQueue].flatMap((one) =>
      one ? [{ QueueName: one.queueName }] : [],
    );
    this.row(consumer.name, [
      graph('In and out', [
        ...sources.map((source) => metric('messagesSent', source)),
        ...sources.map((source) => metric('messagesDeleted', source)),
      ]),
      graph('Waiting', [
        ...sources.map((source) => metric('messagesVisible', source)),
        ...sources.map((source) => metric('oldestMessage', source)),
      ]),
      graph('Failed', [
        ...dead.map((source) => metric('messagesVisible', source)),
        metric('errors', { FunctionName }),
        metric('throttles', { FunctionName }),
      ]),
      graph('Duration p99', [metric('duration', { FunctionName })]),
    ]);
  }

  private row(title: string, graphs: GraphWidget[]): void {
    this.dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 }));
    this.dashboard.addWidgets(...graphs);
  }
}

const graph = (title: string, left: ReturnType<typeof metric>[]): GraphWidget =>
  new GraphWidget({ title, left, width: WIDTH });
