/** What the ways of an event need: a rule, its queue and a function that takes from it. By the SDK, the same everywhere. */
import { strToU8, zipSync } from 'fflate';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Server } from './server.ts';

const configOf = ({ endpoint }: Server) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** A queue to which the default bus delivers events of this detail-type. Returns its URL and ARN. */
export async function ruleToQueue(server: Server, detailType: string) {
  const sqs = new SQSClient(configOf(server));
  const eventbridge = new EventBridgeClient(configOf(server));
  const Attributes = {
    VisibilityTimeout: '60',
    Policy: policy({ Service: 'events.amazonaws.com' }, 'sqs:SendMessage'),
  };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: detailType, Attributes }));
  const { Attributes: { QueueArn = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const EventPattern = JSON.stringify({ source: ['bench'], 'detail-type': [detailType] });
  await eventbridge.send(new PutRuleCommand({ Name: detailType, EventPattern }));
  await eventbridge.send(
    new PutTargetsCommand({ Rule: detailType, Targets: [{ Id: 'queue', Arn: QueueArn }] }),
  );
  return { QueueUrl, QueueArn };
}

/** A function that writes a line for each record into the file `tally`: when it had it, in milliseconds of the machine's own time. */
export async function functionOn(server: Server, QueueArn: string, tally: string): Promise<void> {
  const lambda = new LambdaClient(configOf(server));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'tally',
      Role: await role(server),
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      MemorySize: 256,
      Timeout: 10,
      Environment: { Variables: { TALLY: tally } },
      Code: { ZipFile: zipSync({ 'index.js': strToU8(HANDLER) }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: 'tally' });
  const { UUID } = await lambda.send(
    new CreateEventSourceMappingCommand({ EventSourceArn: QueueArn, FunctionName: 'tally', BatchSize: 10 }),
  );
  const enabled = async () =>
    (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State === 'Enabled';
  while (!(await enabled())) await wait(100);
}

const HANDLER = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  const now = Number(process.hrtime.bigint()) / 1e6;
  appendFileSync(process.env.TALLY, Records.map(() => now + '\\n').join(''));
};`;

async function role(server: Server): Promise<string> {
  const iam = new IAMClient(configOf(server));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'tally',
      AssumeRolePolicyDocument: policy({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'tally',
      PolicyName: 'queue',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            Resource: '*',
          },
        ],
      }),
    }),
  );
  return Role!.Arn!;
}

const policy = (Principal: object, Action: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action, ...(Action.startsWith('sqs:') && { Resource: '*' }) }],
  });
