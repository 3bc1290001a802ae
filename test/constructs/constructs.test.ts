import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { deploy } from '../../local/deploy.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { KEEPING } from './keeping.ts';
import { MESSAGING } from './messaging.ts';
import { SERVING } from './serving.ts';

let aws: Local;
let folder: string;
beforeEach(async () => {
  aws = await startLocal();
  folder = mkdtempSync(join(tmpdir(), 'constructs-'));
});
afterEach(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

describe.each(Object.entries({ ...MESSAGING, ...SERVING, ...KEEPING }))('%s', (_name, build) => {
  test('as CDK writes it, is deployed, is the same when deployed again, and goes', async () => {
    const app = new App({ outdir: folder, analyticsReporting: false });
    build(new Stack(app, 'App', { env: { account: aws.world.account, region: aws.world.region } }));
    app.synth();
    const { App: outputs } = await deploy(aws, folder);
    expect(await deploy(aws, folder)).toEqual({ App: outputs });

    const cloudformation = aws.client(CloudFormationClient);
    const described = () => cloudformation.send(new DescribeStacksCommand({ StackName: 'App' }));
    const [stack] = (await described()).Stacks!;
    await cloudformation.send(new DeleteStackCommand({ StackName: 'App' }));
    await aws.world.clock.until(aws.world.service('cloudformation').settled(stack!.StackId!));
    await expect(described()).rejects.toThrow('does not exist');
  });
});
