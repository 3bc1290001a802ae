import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { numeric } from '../../../functions/runtime/contract/where.ts';
import { referredId } from '../../../infra/checks/template.ts';
import { Pipeline, type PipelineProps } from '../../../infra/pipeline/index.ts';
import { OrderCancelled, OrderPlaced, PaymentCaptured, PlaceOrder, RefundPayment } from './contracts.ts';

export const root = fileURLToPath(new URL('.', import.meta.url));

const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
  context: Record<string, unknown>;
};

/** The feature flags of cdk.json. Functions are not bundled: their code is not what these tests look at. */
export const context = { ...flags, 'aws:cdk:bundling-stacks': [] };

export const stackFor = (id: string): Stack => new Stack(new App({ context }), id);

/** A small pipeline with a consumer of every sort: commands, events and commands, routed events without a table. */
export function shopfront(props: Partial<PipelineProps> = {}): { stack: Stack; pipeline: Pipeline } {
  const stack = stackFor(`shopfront-${props.stage ?? 'dev'}`);
  const pipeline = new Pipeline(stack, 'Shop', { stage: 'dev', root, ...props });
  pipeline.consumer('checkout', {
    on: [PlaceOrder],
    publishes: [OrderPlaced, OrderCancelled],
    sends: [RefundPayment],
  });
  pipeline.consumer('payments', {
    on: [OrderPlaced, RefundPayment],
    publishes: [PaymentCaptured],
    timeout: Duration.seconds(20),
    batchSize: 100,
    batchWindow: Duration.seconds(5),
    maxConcurrency: 7,
  });
  pipeline.consumer('audit', {
    on: [OrderPlaced.where({ total: numeric('>=', 500) }), OrderCancelled, PaymentCaptured],
    publishes: [OrderCancelled],
    sends: [RefundPayment],
    stateless: true,
    breaksCycle: 'It asks for a refund only once.',
  });
  return { stack, pipeline };
}

export interface Resource {
  Type: string;
  // A template is JSON of hundreds of types; a test says what it expects where it looks.
  // oxlint-disable-next-line typescript/no-explicit-any
  Properties: any;
  DeletionPolicy?: string;
}

type Reference = { Ref: string } | { 'Fn::GetAtt': [string, string] };

/** A synthesized stack, read by the path of a construct below it. */
export function synthesized(stack: Stack) {
  const template = Template.fromStack(stack);
  const resources = template.toJSON()['Resources'] as Record<string, Resource>;
  const ids = idsOf(stack);
  const idOf = (path: string): string => {
    const id = ids.get(path);
    if (!id) throw new Error(`Nothing at ${path}`);
    return id;
  };
  const at = (path: string): Resource => resources[idOf(path)]!;

  /** Actions that the role of a function allows, by the logical id of the resource. */
  const allowedTo = (path: string): Record<string, string[]> => {
    const allowed: Record<string, string[]> = {};
    for (const { Action, Resource } of at(`${path}Role/DefaultPolicy`).Properties.PolicyDocument.Statement) {
      for (const resource of [Resource].flat()) {
        const id: string = resource['Fn::GetAtt']?.[0] ?? JSON.stringify(resource);
        allowed[id] = [...(allowed[id] ?? []), ...[Action].flat()].toSorted(byText);
      }
    }
    return allowed;
  };

  /** A JSON text of the template as an object; what CloudFormation fills in is `<logical id>`. */
  const filledIn = (value: { 'Fn::Join': [string, (string | Reference)[]] }): unknown =>
    JSON.parse(
      value['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : `<${referredId(part)}>`))
        .join(''),
    );

  return { template, resources, idOf, at, allowedTo, filledIn };
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** Generated ids of event source mappings are shortened to the queue or table that they read. */
function idsOf(stack: Stack): Map<string, string> {
  const ids = new Map<string, string>();
  for (const construct of stack.node.findAll()) {
    const { node } = construct;
    const cfn = node.defaultChild ?? construct;
    if (!cfn || !('logicalId' in cfn)) continue;
    const path = node.path.slice(stack.node.path.length + 1);
    ids.set(
      path.replace(/(\w+EventSource):.*?([A-Z][a-z]+)[0-9A-F]{8}$/, '$1:$2'),
      stack.resolve(cfn.logicalId) as string,
    );
  }
  return ids;
}
