import type { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
const cfn = () => aws.client(CloudFormationClient);
afterEach(() => aws.stop());

const start = async () => {
  aws = await startLocal();
};

/** Starts the operation that `command` asks for, and waits until it is over. */
async function settled(command: CreateStackCommand | UpdateStackCommand | DeleteStackCommand) {
  const { StackName } = command.input;
  const { StackId } = (await cfn().send(command)) as { StackId?: string };
  const { Stacks } = await cfn()
    .send(new DescribeStacksCommand({ StackName: StackId ?? StackName! }))
    .catch(() => ({ Stacks: [] }));
  const id = Stacks?.[0]?.StackId ?? StackName!;
  await aws.world.service('cloudformation').settled(id);
  const after = await cfn().send(new DescribeStacksCommand({ StackName: id }));
  return after.Stacks![0]!;
}

const template = (Resources: object, rest: object = {}) => JSON.stringify({ Resources, ...rest });
const queue = (Properties: object = {}, rest: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties,
  ...rest,
});

async function happened(StackName: string) {
  const { StackEvents = [] } = await cfn().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.toReversed().map(
    ({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      `${LogicalResourceId} ${ResourceStatus}${ResourceStatusReason ? ` (${ResourceStatusReason})` : ''}`,
  );
}

test('a stack is created by dependency, tells every step and gives its outputs', async () => {
  await start();
  const stack = await settled(
    new CreateStackCommand({
      StackName: 'first',
      TemplateBody: template(
        {
          Work: queue({
            RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: '3' },
          }),
          Dead: queue({ QueueName: 'dead', MessageRetentionPeriod: '1209600' }),
        },
        { Outputs: { Url: { Value: { Ref: 'Work' }, Export: { Name: 'work-url' } } } },
      ),
    }),
  );
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  const url = stack.Outputs?.[0]?.OutputValue;
  expect(url).toMatch(/\/000000000000\/first-Work-[A-Za-z0-9]{12}$/);
  const { Attributes } = await aws
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl: url!, AttributeNames: ['RedrivePolicy'] }));
  expect(JSON.parse(Attributes!.RedrivePolicy!)).toMatchObject({
    deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
  });
  expect(await happened('first')).toEqual([
    'first CREATE_IN_PROGRESS (User Initiated)',
    'Dead CREATE_IN_PROGRESS',
    'Dead CREATE_IN_PROGRESS (Resource creation Initiated)',
    'Dead CREATE_COMPLETE',
    'Work CREATE_IN_PROGRESS',
    'Work CREATE_IN_PROGRESS (Resource creation Initiated)',
    'Work CREATE_COMPLETE',
    'first CREATE_COMPLETE',
  ]);
});

test('a failed creation rolls back with the reason, and leaves nothing', async () => {
  await start();
  const stack = await settled(
    new CreateStackCommand({
      StackName: 'broken',
      TemplateBody: template({
        Good: queue(),
        Bad: queue({ DelaySeconds: 901 }, { DependsOn: 'Good' }),
      }),
    }),
  );
  expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  const events = await happened('broken');
  expect(events).toContainEqual(expect.stringMatching(/^Bad CREATE_FAILED \(.*DelaySeconds/s));
  expect(events).toContain(
    'broken ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [Bad]. Rollback requested by user.)',
  );
  expect((await aws.client(SQSClient).send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
});

const named = (name: string) =>
  template({
    Queue: queue({ QueueName: name }),
    Name: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/q', Type: 'String', Value: { Ref: 'Queue' } },
    },
  });

test('a property that needs it replaces the resource; the old one goes in the clean-up', async () => {
  await start();
  await settled(new CreateStackCommand({ StackName: 's', TemplateBody: named('one') }));
  const before = (await happened('s')).length;
  const stack = await settled(new UpdateStackCommand({ StackName: 's', TemplateBody: named('two') }));
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect((await happened('s')).slice(before)).toEqual([
    's UPDATE_IN_PROGRESS (User Initiated)',
    'Queue UPDATE_IN_PROGRESS (Requested update requires the creation of a new physical resource; hence creating one.)',
    'Queue UPDATE_IN_PROGRESS (Resource creation Initiated)',
    'Queue UPDATE_COMPLETE',
    'Name UPDATE_IN_PROGRESS',
    'Name UPDATE_COMPLETE',
    's UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Queue DELETE_IN_PROGRESS',
    'Queue DELETE_COMPLETE',
    's UPDATE_COMPLETE',
  ]);
  const { QueueUrls } = await aws.client(SQSClient).send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([expect.stringMatching(/two$/)]);
  const { Parameter } = await aws.client(SSMClient).send(new GetParameterCommand({ Name: '/q' }));
  expect(Parameter?.Value).toBe(QueueUrls![0]);
});
