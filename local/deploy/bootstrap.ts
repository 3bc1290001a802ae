import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { AwsError } from '../errors.ts';
import { administrator } from '../principal.ts';
import { deployStack } from './stack.ts';
import type { World } from '../world.ts';

/** Deploys the bootstrap stack of the CDK CLI unless there is one. */
export async function bootstrapped(world: World): Promise<void> {
  try {
    await world.call(administrator(world.account), 'ssm', 'GetParameter', {
      Name: '/cdk-bootstrap/hnb659fds/version',
    });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ParameterNotFound') throw error;
    const file = createRequire(import.meta.url).resolve('aws-cdk/lib/api/bootstrap/bootstrap-template.yaml');
    const TemplateBody = await world.clock.hold(readFile(file, 'utf8'));
    // As `cdk bootstrap` does by default: S3's own key instead of one that costs money.
    const parameters = { FileAssetsBucketKmsKeyId: 'AWS_MANAGED_KEY' };
    await deployStack({ name: 'CDKToolkit', template: { TemplateBody }, tags: [] }, parameters, world);
  }
}
