import type { Resource, Template } from './template.ts';

/** What points at what in a template. */

export interface Target {
  readonly rule: Resource;
  readonly index: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly target: any;
}

/** The targets of every rule. */
export const targetsOf = (template: Template): Target[] =>
  template
    .ofType('AWS::Events::Rule')
    .flatMap((rule) =>
      (rule.Properties['Targets'] ?? []).map((target: unknown, index: number) => ({ rule, index, target })),
    );

export interface QueueMapping {
  readonly mapping: Resource;
  readonly queue: Resource;
  /** Undefined where the function is of elsewhere. */
  readonly fn: Resource | undefined;
}

/** The event source mappings that read a queue of this template. */
export const queueMappingsOf = (template: Template): QueueMapping[] =>
  template.ofType('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
    const queue = template.referred(mapping.Properties['EventSourceArn']);
    const fn = functionIn(mapping.Properties['FunctionName'], template);
    return queue?.Type === 'AWS::SQS::Queue' ? [{ mapping, queue, fn }] : [];
  });

/** The function that a name means: of an alias or a version, which CDK names in parts of an ARN, the one behind it. */
function functionIn(name: unknown, template: Template): Resource | undefined {
  if (typeof name !== 'object' || name === null) return undefined;
  const named = template.referred(name);
  if (named?.Type === 'AWS::Lambda::Function') return named;
  const parts = named ? [named.Properties['FunctionName']] : Object.values(name);
  return parts.map((part) => functionIn(part, template)).find(Boolean);
}

/** Queues that rules deliver to, as target or as dead-letter queue, with where. */
export const fedByRules = (template: Template): { queue: Resource; rule: Resource; at: string }[] =>
  targetsOf(template).flatMap(({ rule, index, target }) =>
    [
      { arn: target.Arn, at: `Properties.Targets.${index}.Arn` },
      { arn: target.DeadLetterConfig?.Arn, at: `Properties.Targets.${index}.DeadLetterConfig` },
    ].flatMap(({ arn, at }) => {
      const queue = template.referred(arn);
      return queue?.Type === 'AWS::SQS::Queue' ? [{ queue, rule, at }] : [];
    }),
  );

/** Queues that only hold what failed: of a queue, a rule, a bus, a stream, or an asynchronous invocation. */
export function deadLetterQueuesOf(template: Template): Resource[] {
  const arns = [
    ...template
      .ofType('AWS::SQS::Queue')
      .map(({ Properties }) => Properties['RedrivePolicy']?.deadLetterTargetArn),
    ...targetsOf(template).map(({ target }) => target.DeadLetterConfig?.Arn),
    ...template.ofType('AWS::Events::EventBus').map(({ Properties }) => Properties['DeadLetterConfig']?.Arn),
    ...template
      .ofType('AWS::Lambda::Function')
      .map(({ Properties }) => Properties['DeadLetterConfig']?.TargetArn),
    ...['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig']
      .flatMap((type) => template.ofType(type))
      .map(({ Properties }) => Properties['DestinationConfig']?.OnFailure?.Destination),
  ];
  const queues = arns
    .map((arn) => template.referred(arn))
    .filter((queue) => queue?.Type === 'AWS::SQS::Queue');
  return [...new Set(queues as Resource[])];
}

/** The statements of the policies that name this resource. */
export const statementsFor = (
  template: Template,
  resource: Resource,
  type: 'AWS::SQS::QueuePolicy' | 'AWS::SNS::TopicPolicy',
): unknown[] =>
  template
    .ofType(type)
    .filter(({ Properties }) =>
      (Properties['Queues'] ?? Properties['Topics'] ?? []).some(
        (one: unknown) => template.referred(one) === resource,
      ),
    )
    .flatMap(({ Properties }) => Properties['PolicyDocument']?.Statement ?? []);

export const isFifo = (queue: Resource): boolean => queue.Properties['FifoQueue'] === true;
