import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type CreateChangeSetCommandInput,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { parameter, queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

const NAMES = { StackName: 's', ChangeSetName: 'c' };
const cfn = () => stacksOf(aws).cfn;
const made = async (input: Partial<CreateChangeSetCommandInput>) => {
  await cfn().send(new CreateChangeSetCommand({ ...NAMES, ...input }));
  return cfn().send(new DescribeChangeSetCommand({ ...NAMES, IncludePropertyValues: true }));
};
const deployed = (TemplateBody: string) =>
  stacksOf(aws).after(new CreateStackCommand({ StackName: 's', TemplateBody }));

test('a change set for a new stack waits in review until it is executed', async () => {
  const { after, described, happened } = stacksOf(aws);
  const changeSet = await made({ ChangeSetType: 'CREATE', TemplateBody: template({ Q: queue() }) });
  expect(changeSet).toMatchObject({
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [
      {
        Type: 'Resource',
        ResourceChange: { Action: 'Add', LogicalResourceId: 'Q', ResourceType: 'AWS::SQS::Queue' },
      },
    ],
  });
  expect(await described('s')).toMatchObject({
    StackStatus: 'REVIEW_IN_PROGRESS',
    StackStatusReason: 'User Initiated',
  });
  expect(await after(new ExecuteChangeSetCommand(NAMES))).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    ChangeSetId: changeSet.ChangeSetId,
    LastUpdatedTime: expect.any(Date),
  });
  expect((await happened('s')).slice(0, 2)).toEqual([
    's REVIEW_IN_PROGRESS (User Initiated)',
    's CREATE_IN_PROGRESS (User Initiated)',
  ]);
});

test('a change that replaces says so, and what follows from it is known after', async () => {
  const body = (QueueName: string) => template({ Q: queue({ QueueName }), P: parameter({ Ref: 'Q' }) });
  await deployed(body('one'));
  const { Changes = [] } = await made({ TemplateBody: body('two') });
  expect(Changes.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
    {
      Action: 'Modify',
      LogicalResourceId: 'Q',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndDelete',
      Scope: ['Properties'],
      Details: [
        {
          Target: { Name: 'QueueName', RequiresRecreation: 'Always', BeforeValue: 'one', AfterValue: 'two' },
          Evaluation: 'Static',
        },
      ],
    },
    {
      Action: 'Modify',
      LogicalResourceId: 'P',
      Replacement: 'False',
      Details: [
        { Target: { Name: 'Value', AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}' }, Evaluation: 'Dynamic' },
      ],
    },
  ]);
});

test('a change set without changes fails in the words that the CDK CLI looks for', async () => {
  const TemplateBody = template({ Q: queue() });
  await deployed(TemplateBody);
  expect(await made({ TemplateBody })).toMatchObject({
    Status: 'FAILED',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    ExecutionStatus: 'UNAVAILABLE',
  });
});

test('a template that only reorders its keys contains no changes', async () => {
  await deployed(template({ Q: queue({ DelaySeconds: 1, VisibilityTimeout: 2 }) }));
  const { Status } = await made({
    TemplateBody: template({ Q: queue({ VisibilityTimeout: 2, DelaySeconds: 1 }) }),
  });
  expect(Status).toBe('FAILED');
});

test('a removal policy is a change of its own, and counts from then on', async () => {
  const { after, happened } = stacksOf(aws);
  const body = (policy?: string) =>
    template({ Q: queue({}, { DeletionPolicy: policy, UpdateReplacePolicy: policy }) });
  await deployed(body('Retain'));
  const { Changes = [] } = await made({ TemplateBody: body() });
  expect(Changes.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
    { Action: 'Modify', Replacement: 'False', Scope: ['DeletionPolicy', 'UpdateReplacePolicy'] },
  ]);
  await after(new ExecuteChangeSetCommand(NAMES));
  const { StackId = '' } = await after(new DeleteStackCommand({ StackName: 's' }));
  expect(await happened(StackId)).toContain('Q DELETE_COMPLETE');
});

test('executing one makes the others obsolete', async () => {
  await deployed(template({ Q: queue() }));
  await made({ TemplateBody: template({ Q: queue({ DelaySeconds: 1 }) }) });
  await cfn().send(
    new CreateChangeSetCommand({
      StackName: 's',
      ChangeSetName: 'd',
      TemplateBody: template({ Q: queue({ DelaySeconds: 2 }) }),
    }),
  );
  await stacksOf(aws).after(new ExecuteChangeSetCommand(NAMES));
  const other = { StackName: 's', ChangeSetName: 'd' };
  expect(await cfn().send(new DescribeChangeSetCommand(other))).toMatchObject({
    ExecutionStatus: 'OBSOLETE',
  });
  await expect(cfn().send(new ExecuteChangeSetCommand(other))).rejects.toMatchObject({
    name: 'InvalidChangeSetStatusException',
  });
});

test('AWS words what is not there', async () => {
  const describe = (StackName: string) =>
    cfn().send(new DescribeChangeSetCommand({ StackName, ChangeSetName: 'x' }));
  await expect(describe('none')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack [none] does not exist',
  });
  await deployed(template({ Q: queue() }));
  await expect(describe('s')).rejects.toMatchObject({
    message: 'ChangeSet [x] does not exist',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(
    cfn().send(new DeleteChangeSetCommand({ StackName: 's', ChangeSetName: 'x' })),
  ).resolves.toBeDefined();
  await expect(cfn().send(new DeleteChangeSetCommand({ ChangeSetName: 'x' }))).rejects.toThrow(
    'StackName must be specified if ChangeSetName is not specified as an ARN.',
  );
  await expect(made({ ChangeSetType: 'CREATE', TemplateBody: template({ Q: queue() }) })).rejects.toThrow(
    'Stack [s] already exists and cannot be created again with the changeSet [c].',
  );
  await expect(made({ StackName: 'none', TemplateBody: template({ Q: queue() }) })).rejects.toThrow(
    'Stack [none] does not exist',
  );
});
