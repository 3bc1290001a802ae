import { Lazy } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { saidBy, type Api } from './api.ts';
import type { Consumer } from './consumer.ts';
import { commandsOf, typesOf } from './contracts.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Says in SSM parameters under `/spillway/<pipeline>/<stage>/` what CloudFormation has named, for producers and tools:
 * `pipeline`, `consumers/<name>`, `commands/<type>` and `api/<name>`, each a JSON object.
 */
export class Discovery extends Construct {
  readonly path: string;

  constructor(pipeline: Pipeline, id: string) {
    super(pipeline, id);
    this.path = `/spillway/${pipeline.name}/${pipeline.stage.name}/`;
    const { bus, archive, unrouted, relay, alarms } = pipeline;
    this.say('pipeline', () => ({
      bus: bus.eventBusName,
      archive: archive?.ref,
      unroutedQueueUrl: unrouted?.queue.queueUrl,
      unroutedDeadLetterUrl: unrouted?.deadLetterQueue.queueUrl,
      relay: relay.function.functionName,
      relayFailureUrl: relay.failureQueue.queueUrl,
      relaySchedule: relay.schedule.ruleName,
      relayScheduleDeadLetterUrl: relay.scheduleDeadLetterQueue.queueUrl,
      alarmTopic: alarms.topic?.topicArn,
    }));
  }

  announce(consumer: Consumer): void {
    const { name, props, queue, commandQueue, deadLetterQueue, commandDeadLetterQueue } = consumer;
    this.say(`consumers/${name}`, () => ({
      function: consumer.function.functionName,
      table: consumer.table?.tableName,
      queueUrls: [queue, commandQueue].flatMap((one) => one?.queueUrl ?? []),
      deadLetterUrls: [deadLetterQueue, commandDeadLetterQueue].flatMap((one) => one?.queueUrl ?? []),
      ruleDeadLetterUrl: consumer.ruleDeadLetterQueue?.queueUrl,
      ruleArn: consumer.rule?.ruleArn,
      on: typesOf(props.on),
    }));
    for (const { type } of commandsOf(props.on)) {
      this.say(`commands/${type}`, () => ({ queueUrl: commandQueue?.queueUrl, consumer: name, fifo: true }));
    }
  }

  announceApi({ name, props, restApi, function: fn, views, table, keys }: Api): void {
    this.say(`api/${name}`, () => ({
      url: restApi.url,
      restApiId: restApi.restApiId,
      restApiName: restApi.restApiName,
      function: fn.functionName,
      views: views.map((view) => view.functionName),
      table: table.tableName,
      accepts: typesOf(saidBy(props)),
      clients: Object.fromEntries(Object.entries(keys).map(([client, { keyId }]) => [client, keyId])),
    }));
  }

  /** `value` is asked at synth, when all is declared. */
  private say(key: string, value: () => object): void {
    const parameterName = `${this.path}${key}`;
    new StringParameter(this, key.replaceAll(/[^A-Za-z0-9]+/g, '-'), {
      parameterName,
      stringValue: Lazy.string({ produce: () => JSON.stringify(value()) }),
    });
  }
}
