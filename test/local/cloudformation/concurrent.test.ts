import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { queue, stacksOf, template } from './stacks-of.ts';

test('of two updates at once one wins, and the other is told', async () => {
  const aws = await startLocal();
  const { after, cfn } = stacksOf(aws);
  const Parameters = { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/p' } };
  const body = (DelaySeconds: number) => ({
    StackName: 's',
    TemplateBody: template({ Q: queue({ DelaySeconds }) }, { Parameters }),
  });
  await aws.client(SSMClient).send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }));
  await after(new CreateStackCommand(body(1)));
  // Both have been let in when they look their parameter up.
  aws.world.faults.set([
    { fault: 'delay', operation: 'GetParameters' },
    { fault: 'delay', operation: 'SetQueueAttributes' },
  ]);
  const both = Promise.allSettled([2, 3].map((seconds) => cfn.send(new UpdateStackCommand(body(seconds)))));
  await aws.advance('1500ms');
  expect((await both).map((one) => (one.status === 'rejected' ? String(one.reason) : ''))).toEqual([
    '',
    expect.stringMatching(/Stack:.* is in UPDATE_IN_PROGRESS state and can not be updated\.$/),
  ]);
  await aws.stop();
});
