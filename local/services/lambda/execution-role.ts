/** What Lambda asks of a function's role before it takes a configuration or a mapping. With policies off it asks nothing. */
import { AwsError, notModelled } from '../../errors.ts';
import { checkAllowed } from '../../policies/guard.ts';
import { servicePrincipal, type Principal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Configuration } from './function.ts';
import { invalid } from './refusals.ts';
import { sessionOf } from './role.ts';

/** Throws where Lambda may not take on the role, or the role may not send to the function's dead-letter target. */
export function checkRole(world: World, configuration: Configuration, call: Call): void {
  const { Role, FunctionArn, DeadLetterConfig: { TargetArn } = {} } = configuration;
  const lambda = servicePrincipal(world.account, 'lambda.amazonaws.com', FunctionArn);
  const assumption = { RoleArn: Role, RoleSessionName: 'lambda' };
  if (!isAllowed(world, lambda, ['sts', 'AssumeRole', assumption], call))
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  if (TargetArn === undefined) return;
  if (!/^arn:aws[a-z-]*:(sqs|sns):/.test(TargetArn))
    throw notModelled('dead-letter targets other than queues and topics');
  checkTarget(world, configuration, TargetArn, call);
}

/** Throws where there is no such target, or the role may not send to it. Worded as in https://github.com/elastic/beats/issues/13963 */
export function checkTarget(
  world: World,
  { Role, FunctionName }: Configuration,
  arn: string,
  call: Call,
): void {
  if (world.policies === 'off') return;
  const { exists, request, words } = TARGETS[arn.split(':')[2] as keyof typeof TARGETS];
  const session = sessionOf(world, Role, FunctionName);
  if (!exists(world, arn) || !isAllowed(world, session, request(world, arn), call))
    throw invalid(`The provided execution role does not have permissions to call ${words}`);
}

/**
 * Throws where the role may not read from the source of a mapping. Worded as in https://github.com/aws/aws-cdk/issues/6770
 * and https://github.com/aws-samples/lambda-refarch-webapp/issues/7
 */
export function checkSource(
  world: World,
  { Role, FunctionName }: Configuration,
  arn: string,
  call: Call,
): void {
  const session = sessionOf(world, Role, FunctionName);
  const denied = (operations: string[], service: string, input: object) =>
    operations.find((operation) => !isAllowed(world, session, [service, operation, input], call));
  if (arn.split(':')[2] === 'sqs') {
    const operation = denied(OF_QUEUES, 'sqs', { QueueUrl: world.service('sqs').urlOf(arn) });
    if (operation)
      throw invalid(`The provided execution role does not have permissions to call ${operation} on SQS`);
  } else if (denied(OF_STREAMS, 'dynamodb', { StreamArn: arn }))
    throw invalid(
      `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const OF_QUEUES = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-dynamodb-permissions */
const OF_STREAMS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'];

type Request = [service: string, operation: string, input: object];

interface Target {
  exists(world: World, arn: string): boolean;
  /** What it is sent, as far as policies look at it. */
  request(world: World, arn: string): Request;
  words: string;
}

/** By service. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const TARGETS = {
  sqs: {
    exists: (world, arn) => world.service('sqs').exists(arn),
    request: (world, arn) => ['sqs', 'SendMessage', { QueueUrl: world.service('sqs').urlOf(arn) }],
    words: 'SendMessage on SQS',
  },
  sns: {
    // Every topic has a policy.
    exists: (world, arn) => world.service('sns').resourcePolicy(arn) !== undefined,
    request: (_world, TopicArn) => ['sns', 'Publish', { TopicArn }],
    words: 'Publish on SNS',
  },
  lambda: {
    exists: (world, arn) => world.service('lambda').exists(arn),
    request: (_world, FunctionName) => ['lambda', 'Invoke', { FunctionName }],
    words: 'InvokeFunction on Lambda',
  },
  events: {
    exists: (world, arn) => arn.includes(':event-bus/') && world.service('events').exists(arn),
    request: (_world, EventBusName) => [
      'events',
      'PutEvents',
      { Entries: [{ EventBusName, Source: 'lambda' }] },
    ],
    words: 'PutEvents on EventBridge',
  },
} satisfies Record<string, Target>;

/** Whether policies would let `principal` make this request, which is not made. */
function isAllowed(
  world: World,
  principal: Principal,
  [service, operation, input]: Request,
  call: Call,
): boolean {
  const asked: Call = { ...call, principal, protocol: 'internal', headers: {} };
  try {
    checkAllowed(world, { service, operation, input, call: asked });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code.startsWith('AccessDenied')) return false;
    throw error;
  }
}
