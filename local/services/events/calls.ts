/** How each kind of target is called. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html */
import type { Target } from '@aws-sdk/client-eventbridge';
import { servicePrincipal, type Principal } from '../../principal.ts';
import type { Services, World } from '../../world.ts';
import { assumingRoles } from './assumed-role.ts';
import type { Rule } from './bus.ts';
import type { Envelope } from './event.ts';
import { filled, type Invocation } from './invoke-api-destination.ts';
import { jsonPath } from './path.ts';
import { FORWARDED, type Forwarded } from './put-events.ts';

export interface Delivery {
  rule: Rule;
  target: Target;
  event: Envelope;
  /** What the target is sent. */
  input: string;
}

/** Makes the one call that a delivery is. */
type Send = (delivery: Delivery, call: Caller) => Promise<unknown>;
type Caller = (service: string, operation: string, input: object) => Promise<unknown>;

const SENDS: Record<string, (world: World) => Send> = {
  sqs:
    ({ endpoint }) =>
    ({ target, event, input }, call) =>
      call('sqs', 'SendMessage', {
        QueueUrl: queueUrl(endpoint(), target.Arn ?? ''),
        MessageBody: input,
        ...(target.SqsParameters?.MessageGroupId === undefined
          ? {}
          : { MessageGroupId: target.SqsParameters.MessageGroupId }),
        ...(event.traceHeader === undefined ? {} : traced(event.traceHeader)),
      }),

  lambda:
    () =>
    ({ target, input }, call) =>
      call('lambda', 'Invoke', {
        FunctionName: target.Arn,
        InvocationType: 'Event',
        Payload: Buffer.from(input),
      }),

  sns:
    () =>
    ({ target, input }, call) =>
      call('sns', 'Publish', { TopicArn: target.Arn, Message: input }),

  events:
    () =>
    ({ target, event, input }, call) => {
      if (isApiDestination(target)) {
        const HttpParameters = filled(target.HttpParameters, (given) => taken(given, event));
        const invocation: Invocation = { ApiDestinationArn: target.Arn!, HttpParameters, Body: input };
        return call('events', 'InvokeApiDestination', invocation);
      }
      const entry: Forwarded = { EventBusName: target.Arn, [FORWARDED]: event };
      return call('events', 'PutEvents', { Entries: [entry] });
    },

  logs: logs,
};

/** Why nothing can be delivered to a target; undefined: it can. */
export function undeliverable(arn: string, { account, region }: World): string | undefined {
  const { service, resource, ...where } = partsOf(arn);
  if (!Object.hasOwn(SENDS, service)) return `EventBridge targets of the service ${service}`;
  if (service === 'events' && !/^(event-bus|api-destination)\//.test(resource))
    return `EventBridge targets such as ${arn}`;
  const isHere = where.account === account && where.region === region;
  return isHere ? undefined : 'EventBridge targets in other accounts or regions';
}

export const isApiDestination = ({ Arn = '' }: Target): boolean =>
  partsOf(Arn).resource.startsWith('api-destination/');

/** A parameter whose value is a path takes it from the event. */
function taken(given: string, { parsed }: Envelope): string {
  const selected = given.startsWith('$.') ? jsonPath(given)?.(parsed) : given;
  return typeof selected === 'string' ? selected : JSON.stringify(selected ?? '');
}

export const partsOf = (arn: string) => {
  const [, , service = '', region = '', account = '', ...resource] = arn.split(':');
  return { service, region, account, resource: resource.join(':') };
};

export const queueUrl = (endpoint: string, arn: string): string => {
  const [, , , , account, name] = arn.split(':');
  return `${endpoint}/${account}/${name}`;
};

/** Sends deliveries in the name of EventBridge, or of the role that a target names. */
export function sender(world: World): (delivery: Delivery) => Promise<unknown> {
  const sends = new Map(Object.entries(SENDS).map(([service, send]) => [service, send(world)]));
  const assume = assumingRoles(world, 'events.amazonaws.com', 'EventBridge');
  return async (delivery) => {
    const { rule, target } = delivery;
    const roleArn = target.RoleArn ?? rule.roleArn;
    const principal: Principal =
      roleArn === undefined
        ? servicePrincipal(world.account, 'events.amazonaws.com', rule.arn)
        : await assume(roleArn, rule.arn);
    return sends.get(partsOf(target.Arn ?? '').service)!(delivery, (service, operation, input) =>
      world.call(principal, service as keyof Services, operation, input),
    );
  };
}

const traced = (traceHeader: string) => ({
  MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
});

/** One log stream a target, created when first needed. */
function logs({ random, clock }: World): Send {
  const streams = new WeakMap<Target, Promise<string>>();
  return async ({ target, input }, call) => {
    const logGroupName = partsOf(target.Arn ?? '')
      .resource.replace(/^log-group:/, '')
      .replace(/:\*$/, '');
    const created = async (logStreamName: string) => {
      await call('logs', 'CreateLogStream', { logGroupName, logStreamName });
      return logStreamName;
    };
    const stream = streams.get(target) ?? created(random.uuid());
    streams.set(target, stream);
    try {
      const logEvents = [{ timestamp: clock.now(), message: input }];
      return await call('logs', 'PutLogEvents', { logGroupName, logStreamName: await stream, logEvents });
    } catch (error) {
      streams.delete(target);
      throw error;
    }
  };
}
