/** An embedded AWS on a socket, as `spillway local` is, with what the round trip of every client expects there. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocal, type Local } from '../../local/index.ts';
import { zip } from '../local/lambda/fixture.ts';

const REGION = 'eu-west-1';

export interface Endpoint {
  aws: Local;
  /** The environment of a client of it. */
  env: Record<string, string>;
}

/** A bus `orders` with a rule to the queue `placed`, a function `fails`, and a role for functions. */
export async function startEndpoint(): Promise<Endpoint> {
  const aws = await startLocal({ clock: 'real', region: REGION });
  const endpoint = await aws.listen(0);
  await orders(aws);
  await functions(aws);
  return {
    aws,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null', // nobody's own settings
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  };
}

async function orders(aws: Local) {
  const events = aws.client(EventBridgeClient);
  const Arn = `arn:aws:sqs:${REGION}:000000000000:placed`;
  const from = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } };
  const Policy = JSON.stringify({ Statement: [{ ...from, Action: 'sqs:SendMessage', Resource: Arn }] });
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'placed', Attributes: { Policy } }));
  const rule = { EventBusName: 'orders', Name: 'placed' };
  const EventPattern = JSON.stringify({
    'detail-type': ['placed'],
    detail: { total: [{ numeric: ['>', 10] }] },
  });
  await events.send(new CreateEventBusCommand({ Name: 'orders' }));
  await events.send(new PutRuleCommand({ ...rule, EventPattern }));
  await events.send(
    new PutTargetsCommand({ EventBusName: 'orders', Rule: rule.Name, Targets: [{ Id: 'queue', Arn }] }),
  );
}

async function functions(aws: Local) {
  const trusted = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trusted] });
  const { Role } = await aws
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: 'function', AssumeRolePolicyDocument }));
  await aws.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'fails',
      Runtime: 'nodejs22.x',
      Role: Role!.Arn,
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': `exports.handler = async () => { throw new Error('no') };` }) },
    }),
  );
}
