import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import type { Aws } from './aws.ts';
import { OperateError } from './errors.ts';

/** A deployed pipeline as it describes itself in Parameter Store. */
export interface Discovered extends DiscoveredPipeline {
  /** By command type, such as `order.place`. */
  commands: Record<string, { queueUrl: string; consumer: string; fifo: boolean }>;
  /** By consumer name. */
  consumers: Record<string, DiscoveredConsumer>;
  /** By API name. */
  apis: Record<string, DiscoveredApi>;
}

/** What there is once in a pipeline. */
export interface DiscoveredPipeline {
  bus: string;
  /** The name of the archive. Absent, as the next two, on a bus of somebody else. */
  archive?: string;
  /** Where events are that nobody listens to, and those that could not even be put there. */
  unroutedQueueUrl?: string;
  unroutedDeadLetterUrl?: string;
  /** The name of the relay's function. */
  relay?: string;
  /** Records of the tables' streams that Lambda gave up. */
  relayFailureUrl?: string;
  /** The name of the rule that runs the relay as the sweeper. */
  relaySchedule?: string;
  /** Runs of the sweeper that could not be started. */
  relayScheduleDeadLetterUrl?: string;
}

export interface DiscoveredApi {
  /** Where AWS serves it, with a slash at the end. */
  url: string;
  restApiId: string;
  restApiName: string;
  /** Takes what comes in. */
  function: string;
  /** The names of the functions that show something. */
  views: string[];
  table: string;
  /** The types of the commands and events that it takes. */
  accepts: string[];
  /** API key ids by client; none where IAM decides. */
  clients: Record<string, string>;
}

export interface DiscoveredConsumer {
  function: string;
  /** Absent where the consumer keeps no state. */
  table?: string;
  queueUrls: string[];
  deadLetterUrls: string[];
  /** Absent where no rule feeds the consumer. */
  ruleDeadLetterUrl?: string;
  /** The rule that brings its events. Absent where it listens to commands only. */
  ruleArn?: string;
  /** The types it listens to. */
  on: string[];
}

/** Throws NOT_DEPLOYED where nothing describes itself under `/spillway/<pipeline>/<stage>/`. */
export async function discover(
  aws: Aws,
  { pipeline = 'shop', stage = 'dev' }: Which = {},
): Promise<Discovered> {
  const root = `/spillway/${pipeline}/${stage}/`;
  const found: Record<string, Record<string, unknown>> = { commands: {}, consumers: {}, api: {} };
  for await (const { Parameters = [] } of paginateGetParametersByPath(
    { client: aws(SSMClient) },
    { Path: root, Recursive: true },
  )) {
    for (const { Name, Value } of Parameters) {
      const [kind, name] = Name!.slice(root.length).split('/') as [string, string?];
      if (name === undefined) found[kind] = JSON.parse(Value!);
      else (found[kind] ??= {})[name] = JSON.parse(Value!);
    }
  }
  if (!found['pipeline'])
    throw new OperateError(
      'NOT_DEPLOYED',
      `No pipeline "${pipeline}" describes itself under ${root} in Parameter Store`,
    );
  return {
    ...found['pipeline'],
    commands: found['commands'],
    consumers: found['consumers'],
    apis: found['api'],
  } as Discovered;
}

export interface Which {
  /** @default shop */
  pipeline?: string;
  /** @default dev */
  stage?: string;
}
