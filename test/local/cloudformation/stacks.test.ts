import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { outputsOf, parameter, queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
afterEach(() => aws.stop());
beforeEach(async () => {
  aws = await startLocal();
});

test('a stack is created by dependency, tells every step and gives its outputs', async () => {
  const stack = await stacksOf(aws).after(
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
  const { Url: url } = outputsOf(stack);
  expect(url).toMatch(/\/000000000000\/first-Work-[A-Za-z0-9]{12}$/);
  const { Attributes } = await aws
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl: url!, AttributeNames: ['RedrivePolicy'] }));
  expect(JSON.parse(Attributes!.RedrivePolicy!)).toMatchObject({
    deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
  });
  expect(await stacksOf(aws).happened('first')).toEqual([
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
  const stack = await stacksOf(aws).after(
    new CreateStackCommand({
      StackName: 'broken',
      TemplateBody: template({
        Good: queue(),
        Bad: queue({ DelaySeconds: 901 }, { DependsOn: 'Good' }),
      }),
    }),
  );
  expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  const events = await stacksOf(aws).happened('broken');
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
  await stacksOf(aws).after(new CreateStackCommand({ StackName: 's', TemplateBody: named('one') }));
  const before = (await stacksOf(aws).happened('s')).length;
  const stack = await stacksOf(aws).after(
    new UpdateStackCommand({ StackName: 's', TemplateBody: named('two') }),
  );
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect((await stacksOf(aws).happened('s')).slice(before)).toEqual([
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

test('an update that fails puts back what it changed and deletes what it made', async () => {
  const { after, happened, described } = stacksOf(aws);
  const before = template({ Kept: parameter('one'), Gone: queue() });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: before }));
  const length = (await happened('s')).length;
  const TemplateBody = template({
    Kept: parameter('two'),
    New: queue({}, { DependsOn: 'Kept' }),
    Bad: queue({ DelaySeconds: 901 }, { DependsOn: 'New' }),
  });
  const stack = await after(new UpdateStackCommand({ StackName: 's', TemplateBody }));
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await happened('s')).slice(length)).toEqual([
    's UPDATE_IN_PROGRESS (User Initiated)',
    'Kept UPDATE_IN_PROGRESS',
    'Kept UPDATE_COMPLETE',
    'New CREATE_IN_PROGRESS',
    'New CREATE_IN_PROGRESS (Resource creation Initiated)',
    'New CREATE_COMPLETE',
    'Bad CREATE_IN_PROGRESS',
    expect.stringMatching(/^Bad CREATE_FAILED/),
    's UPDATE_ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [Bad]. )',
    'Kept UPDATE_IN_PROGRESS',
    'Kept UPDATE_COMPLETE',
    's UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'Bad DELETE_IN_PROGRESS',
    'Bad DELETE_COMPLETE',
    'New DELETE_IN_PROGRESS',
    'New DELETE_COMPLETE',
    's UPDATE_ROLLBACK_COMPLETE',
  ]);
  expect((await aws.client(SQSClient).send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
  expect((await described('s')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('what was retained outlives stack, replacement and removal', async () => {
  const { after, happened } = stacksOf(aws);
  const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  const body = (QueueName: string) =>
    template({ Queue: queue({ QueueName }, retained), Other: parameter('x') });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: body('one') }));
  await after(new UpdateStackCommand({ StackName: 's', TemplateBody: body('two') }));
  const { StackId = '', StackStatus } = await after(new DeleteStackCommand({ StackName: 's' }));
  expect(StackStatus).toBe('DELETE_COMPLETE');
  expect((await happened(StackId)).filter((event) => event.includes('SKIPPED'))).toEqual([
    'Queue DELETE_SKIPPED',
    'Queue DELETE_SKIPPED',
  ]);
  const { QueueUrls } = await aws.client(SQSClient).send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([expect.stringMatching(/one$/), expect.stringMatching(/two$/)]);
});

test('a deleted stack answers by its id only', async () => {
  const { after, described } = stacksOf(aws);
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: template({ Q: queue() }) }));
  const { StackId = '' } = await after(new DeleteStackCommand({ StackName: 's' }));
  const gone = await described(StackId);
  expect(gone.StackStatus).toBe('DELETE_COMPLETE');
  expect(gone).not.toHaveProperty('EnableTerminationProtection');
  await expect(described('s')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id s does not exist',
  });
});

test('the status has turned before DeleteStack answers', async () => {
  const { after, cfn, described } = stacksOf(aws);
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: template({ Q: queue() }) }));
  const { StackId = '' } = await described('s');
  await cfn.send(new DeleteStackCommand({ StackName: 's' }));
  expect((await described(StackId)).StackStatus).toMatch(/^DELETE_/);
});

test('an export in use holds its stack', async () => {
  const { after } = stacksOf(aws);
  const giving = template(
    { Q: queue() },
    { Outputs: { Url: { Value: { Ref: 'Q' }, Export: { Name: 'url' } } } },
  );
  const taking = template({ P: parameter({ 'Fn::ImportValue': 'url' }) });
  await after(new CreateStackCommand({ StackName: 'giving', TemplateBody: giving }));
  await after(new CreateStackCommand({ StackName: 'taking', TemplateBody: taking }));
  expect(await after(new DeleteStackCommand({ StackName: 'giving' }))).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'Export url cannot be deleted as it is in use by taking',
  });
  await after(new DeleteStackCommand({ StackName: 'taking' }));
  expect((await after(new DeleteStackCommand({ StackName: 'giving' }))).StackStatus).toBe('DELETE_COMPLETE');
});

test('an update that changes nothing is refused', async () => {
  const { after, cfn } = stacksOf(aws);
  const TemplateBody = template({ Q: queue() });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody }));
  await expect(cfn.send(new UpdateStackCommand({ StackName: 's', TemplateBody }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'No updates are to be performed.',
  });
});

test('a resource with a name of its own cannot be replaced under that name', async () => {
  const { after, happened } = stacksOf(aws);
  const body = (FifoQueue?: boolean) => template({ Q: queue({ QueueName: 'q.fifo', FifoQueue, Tags: [] }) });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: body(true) }));
  expect((await after(new UpdateStackCommand({ StackName: 's', TemplateBody: body() }))).StackStatus).toBe(
    'UPDATE_ROLLBACK_COMPLETE',
  );
  expect(await happened('s')).toContain(
    'Q UPDATE_FAILED (CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename q.fifo and update the stack again.)',
  );
});

test.each([
  ['an unknown property', queue({ Bogus: 1 }), /^Encountered unsupported property Bogus$/],
  [
    'a property that is missing',
    { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [] } },
    /#: required key \[PolicyDocument\] not found$/,
  ],
  [
    'a wrong type',
    queue({ DelaySeconds: 'soon' }),
    /#\/DelaySeconds: expected type: Integer, found: String$/,
  ],
])('%s fails the resource by name', async (_what, resource, reason) => {
  const { after, cfn } = stacksOf(aws);
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: template({ R: resource }) }));
  const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName: 's' }));
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  expect(failed?.ResourceStatusReason).toMatch(reason);
});
