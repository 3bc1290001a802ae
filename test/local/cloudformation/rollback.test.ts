import {
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  ListStackResourcesCommand,
  RollbackStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { API_GROUND } from './changeable-apis.ts';
import { queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

const named = (Value: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/p', Type: 'String', Value },
});
const bad = queue({ DelaySeconds: 901 }, { DependsOn: 'P' });
const start = () =>
  stacksOf(aws).after(
    new CreateStackCommand({ StackName: 's', TemplateBody: template({ P: named('one') }) }),
  );
const value = async () =>
  (await aws.client(SSMClient).send(new GetParameterCommand({ Name: '/p' }))).Parameter?.Value;

test('without rollback a failed update stays as far as it got, until RollbackStack', async () => {
  const { after, cfn, described } = stacksOf(aws);
  await start();
  const TemplateBody = template({ P: named('two'), Bad: bad });
  const failed = await after(new UpdateStackCommand({ StackName: 's', TemplateBody, DisableRollback: true }));
  expect([failed.StackStatus, await value()]).toEqual(['UPDATE_FAILED', 'two']);
  await cfn.send(new RollbackStackCommand({ StackName: 's' }));
  await aws.world.service('cloudformation').settled('s');
  expect([(await described('s')).StackStatus, await value()]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'one']);
});

test('without rollback the next attempt makes and changes what could not be', async () => {
  const { after } = stacksOf(aws);
  const attempt = (TemplateBody: string) =>
    after(new UpdateStackCommand({ StackName: 's', TemplateBody, DisableRollback: true }));
  const fail = (operation: string) =>
    aws.world.faults.set([
      { fault: 'error', service: operation === 'CreateQueue' ? 'sqs' : 'ssm', operation },
    ]);
  await start();
  const changed = template({ P: named('two') });
  fail('PutParameter');
  expect((await attempt(changed)).StackStatus).toBe('UPDATE_FAILED');
  aws.world.faults.set([]);
  expect([(await attempt(changed)).StackStatus, await value()]).toEqual(['UPDATE_COMPLETE', 'two']);

  const enlarged = template({ P: named('two'), Q: queue({ QueueName: 'late' }) });
  fail('CreateQueue');
  expect((await attempt(enlarged)).StackStatus).toBe('UPDATE_FAILED');
  aws.world.faults.set([]);
  expect((await attempt(enlarged)).StackStatus).toBe('UPDATE_COMPLETE');
  const { QueueUrls } = await aws.client(SQSClient).send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([expect.stringMatching(/late$/)]);
});

test('a rollback that fails goes on without the resource that cannot be put back', async () => {
  const { after, cfn, described } = stacksOf(aws);
  await start();
  // From the moment the update fails, the parameter cannot be put back.
  aws.world.activity.listen(({ kind, resource, status }) => {
    if (kind === 'stack' && resource === 'Bad' && status === 'CREATE_FAILED')
      aws.world.faults.set([{ fault: 'error', service: 'ssm', operation: 'PutParameter' }]);
  });
  const TemplateBody = template({ P: named('two'), Bad: bad });
  const failed = await after(new UpdateStackCommand({ StackName: 's', TemplateBody }));
  expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  await cfn.send(new ContinueUpdateRollbackCommand({ StackName: 's', ResourcesToSkip: ['P'] }));
  await aws.world.service('cloudformation').settled('s');
  expect((await described('s')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await value()).toBe('two');
});

test('a replacement that is rolled back leaves the old resource, and nothing to update', async () => {
  const { after, cfn } = stacksOf(aws);
  const body = (QueueName: string, more: object = {}) => template({ P: queue({ QueueName }), ...more });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: body('one') }));
  await after(new UpdateStackCommand({ StackName: 's', TemplateBody: body('two', { Bad: bad }) }));
  const { QueueUrls } = await aws.client(SQSClient).send(new ListQueuesCommand({}));
  const { StackResourceSummaries = [] } = await cfn.send(new ListStackResourcesCommand({ StackName: 's' }));
  expect(QueueUrls).toEqual([expect.stringMatching(/one$/)]);
  expect(StackResourceSummaries).toMatchObject([{ PhysicalResourceId: QueueUrls![0] }]);
  await expect(
    cfn.send(new UpdateStackCommand({ StackName: 's', TemplateBody: body('one') })),
  ).rejects.toThrow('No updates are to be performed.');
});

test('a new resource that is to be retained outlives the rollback, and stands in the way of the next attempt', async () => {
  const { after, happened } = stacksOf(aws);
  const TemplateBody = template({
    P: named('two'),
    New: queue({ QueueName: 'new' }, { DeletionPolicy: 'Retain' }),
    Fleeting: queue({ QueueName: 'fleeting' }, { DeletionPolicy: 'RetainExceptOnCreate' }),
    Bad: queue({ DelaySeconds: 901 }, { DependsOn: ['New', 'Fleeting'] }),
  });
  await start();
  expect((await after(new UpdateStackCommand({ StackName: 's', TemplateBody }))).StackStatus).toBe(
    'UPDATE_ROLLBACK_COMPLETE',
  );
  expect(await happened('s')).toContain('New DELETE_SKIPPED');
  const { QueueUrls } = await aws.client(SQSClient).send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([expect.stringMatching(/new$/)]);
});

test.each([
  ['a property that there is not', { Bogus: 1 }],
  ['a policy that there is not', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/None'] }],
])('an update that failed over %s is rolled back though nothing was done', async (_what, more) => {
  const { after } = stacksOf(aws);
  const body = (properties: object) =>
    template({
      R: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Statement: [] }, ...properties },
      },
    });
  const Capabilities = ['CAPABILITY_IAM' as const];
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: body({}), Capabilities }));
  const update = new UpdateStackCommand({ StackName: 's', TemplateBody: body(more), Capabilities });
  expect((await after(update)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('a method that could not be changed is put back', async () => {
  const { after } = stacksOf(aws);
  const { Api, OneMethod } = API_GROUND;
  const body = (more: object) =>
    template({ Api, M: { ...OneMethod, Properties: { ...OneMethod.Properties, ...more } } });
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: body({}) }));
  const TemplateBody = body({ RequestValidatorId: 'none' });
  expect((await after(new UpdateStackCommand({ StackName: 's', TemplateBody }))).StackStatus).toBe(
    'UPDATE_ROLLBACK_COMPLETE',
  );
});
