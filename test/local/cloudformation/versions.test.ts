import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { GROUND } from './changeable.ts';
import { stacksOf, template } from './stacks-of.ts';

const { Role, Function, Version } = GROUND;

test('a version of a function that is as it was is refused', async () => {
  const aws = await startLocal();
  const { after, happened } = stacksOf(aws);
  const update = (more: object) =>
    new UpdateStackCommand({
      StackName: 's',
      TemplateBody: template({ Role, Function, Version, ...more }),
      Capabilities: ['CAPABILITY_IAM'],
    });
  await after(new CreateStackCommand(update({}).input));
  expect((await after(update({ Second: Version }))).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await happened('s')).toContainEqual(
    expect.stringMatching(
      /^Second CREATE_FAILED \(.*"A version for this Lambda function exists \( 1 \)\. Modify the function to create a new version\. .*HandlerErrorCode: AlreadyExists/,
    ),
  );
  await aws.stop();
});
