/** The call that a target stands for. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html */
import type { World } from '../../world.ts';
import { partsOf, queueUrl } from '../events/calls.ts';
import type { Target } from './schedule.ts';

export interface Request {
  /** By the AWS SDK's identifier: `eventbridge`. */
  service: string;
  /** Its operation in camel case. */
  action: string;
  /** As JSON. */
  input: Record<string, unknown>;
}

/** The service and the operation that `arn:aws:scheduler:::aws-sdk:SERVICE:OPERATION` names; undefined for other ARNs. */
export function universal(arn: string): Pick<Request, 'service' | 'action'> | undefined {
  const [, service, action] = /^arn:aws:scheduler:::aws-sdk:([^:]+):([^:]+)$/.exec(arn) ?? [];
  return service === undefined || action === undefined ? undefined : { service, action };
}

/** The ARN by which a dead letter names its target. */
export const universalArn = ({ service, action }: Request): string =>
  `arn:aws:scheduler:::aws-sdk:${service}:${action}`;

/** Whether the ARN of a resource of the service may be a target. */
export const isTemplated = (service: string): boolean => Object.hasOwn(TEMPLATED, service);

/** @param input what the target is given, with all attributes put in */
export function requestOf(world: World, target: Target, input: string): Request {
  const named = universal(target.Arn);
  return named
    ? { ...named, input: JSON.parse(input) as Record<string, unknown> }
    : TEMPLATED[partsOf(target.Arn).service]!(target, input, world);
}

/** By the service of the ARN. Members are in the order in which AWS writes them to a dead-letter queue. */
const TEMPLATED: Record<string, (target: Target, input: string, world: World) => Request> = {
  events: ({ Arn, EventBridgeParameters }, Detail) => ({
    service: 'eventbridge',
    action: 'putEvents',
    input: {
      Entries: [
        {
          Detail,
          DetailType: EventBridgeParameters?.DetailType,
          EventBusName: Arn,
          Source: EventBridgeParameters?.Source,
        },
      ],
    },
  }),

  lambda: ({ Arn }, Payload) => ({
    service: 'lambda',
    action: 'invoke',
    input: { FunctionName: Arn, InvocationType: 'Event', Payload },
  }),

  sns: ({ Arn }, Message) => ({
    service: 'sns',
    action: 'publish',
    input: { Message, TopicArn: Arn },
  }),

  sqs: ({ Arn, SqsParameters }, MessageBody, { endpoint }) => ({
    service: 'sqs',
    action: 'sendMessage',
    input: {
      MessageBody,
      ...(SqsParameters?.MessageGroupId === undefined
        ? {}
        : { MessageGroupId: SqsParameters.MessageGroupId }),
      QueueUrl: queueUrl(endpoint(), Arn),
    },
  }),
};
