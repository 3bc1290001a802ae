import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bootstrapped } from '../../local/deploy/bootstrap.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { NotesStack } from '../fixtures/notes-app/notes-stack.ts';

/**
 * The stock CDK CLI as a child process, on an app that is not the shop; the steps build on each other. What a
 * bootstrap, a diff, a second deploy and a destroy say is in test/e2e/stock-tools.test.ts.
 */
let aws: Local;
let folder: string;
let endpoint: string;
const assemblies = { good: '', broken: '', edited: '' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cdk-cli-'));
  aws = await startLocal({ clock: 'real', host: 'real' });
  endpoint = await aws.listen(0);
  assemblies.good = synthesized('good', {});
  assemblies.broken = synthesized('broken', { broken: true });
  assemblies.edited = edited(assemblies.good);
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

function synthesized(name: string, props: { broken?: boolean }): string {
  const app = new App({ outdir: join(folder, name) });
  void new NotesStack(app, 'Notes', props);
  return app.synth().directory;
}

/** As if the handler had been changed in an editor: other code under another hash. */
function edited(assembly: string): string {
  const to = join(folder, 'edited');
  cpSync(assembly, to, { recursive: true });
  const template = JSON.parse(readFileSync(join(to, 'Notes.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Code?: { S3Key: string } } }>;
  };
  const code = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function')!
    .Properties.Code!;
  const before = code.S3Key.replace('.zip', '');
  const after = before.split('').toReversed().join('');
  const bundle = join(to, `asset.${before}`, 'index.js');
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('first edition', 'second edition'));
  for (const file of ['Notes.template.json', 'Notes.assets.json']) {
    const text = readFileSync(join(to, file), 'utf8');
    // The folder keeps its name: only the key under which it is published is another.
    writeFileSync(join(to, file), text.replaceAll(`${before}.zip`, `${after}.zip`));
  }
  const assets = JSON.parse(readFileSync(join(to, 'Notes.assets.json'), 'utf8')) as {
    files: Record<string, { destinations: Record<string, { objectKey: string }> }>;
  };
  // The template itself is an asset too, found by its hash.
  for (const { destinations } of Object.values(assets.files))
    for (const destination of Object.values(destinations))
      if (destination.objectKey.endsWith('.json')) destination.objectKey = `edited-${destination.objectKey}`;
  writeFileSync(join(to, 'Notes.assets.json'), JSON.stringify(assets));
  const manifest = readFileSync(join(to, 'manifest.json'), 'utf8');
  writeFileSync(join(to, 'manifest.json'), manifest.replace(/\/([0-9a-f]{64}\.json)/, '/edited-$1'));
  return to;
}

/** Resolves with the exit code and everything that was printed. */
const cdk = (...args: string[]) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    const cli = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
    };
    execFile(
      process.execPath,
      [cli, '--no-notices', ...args],
      { cwd: folder, env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr }),
    );
  });

const deploy = (app: string) => cdk('deploy', '--all', '--app', app, '--require-approval', 'never');

async function output(key: string): Promise<string> {
  const { Stacks } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStacksCommand({ StackName: 'Notes' }));
  return Stacks![0]!.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
}

async function keptBy(id: string): Promise<string | undefined> {
  const [EventBusName, TableName] = [await output('BusName'), await output('TableName')];
  const Detail = JSON.stringify({ id, text: 'hello' });
  await aws.client(EventBridgeClient).send(
    new PutEventsCommand({
      Entries: [{ EventBusName, Source: 'notes', DetailType: 'note.written', Detail }],
    }),
  );
  return vi.waitFor(
    async () => {
      const { Items = [] } = await aws.client(DynamoDBClient).send(new ScanCommand({ TableName }));
      const found = Items.find((item) => item['id']?.S === id);
      expect(found).toBeDefined();
      return found!['by']!.S;
    },
    { timeout: 15_000, interval: 20 },
  );
}

test('the toolkit stack, here made without the command line, is that of cdk bootstrap', async () => {
  await bootstrapped(aws.world);
  const { Stacks } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
  expect(
    Object.fromEntries(Stacks![0]!.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
  ).toMatchObject({
    BootstrapVersion: '33',
    BucketName: 'cdk-hnb659fds-assets-000000000000-eu-west-1',
  });
}, 60_000);

test('cdk deploy --all deploys, and what is deployed works', async () => {
  const { code, text } = await deploy(assemblies.good);
  expect(text).toContain('✅  Notes');
  expect(code).toBe(0);
  expect(await keptBy('1')).toBe('first edition');
}, 60_000);

test('an edited handler is redeployed in place', async () => {
  const before = await aws
    .client(CloudFormationClient)
    .send(new ListStackResourcesCommand({ StackName: 'Notes' }));
  expect(await deploy(assemblies.edited)).toMatchObject({ code: 0 });
  const after = await aws
    .client(CloudFormationClient)
    .send(new ListStackResourcesCommand({ StackName: 'Notes' }));
  const ids = ({ StackResourceSummaries = [] }: typeof after) =>
    StackResourceSummaries.map(({ PhysicalResourceId }) => PhysicalResourceId);
  expect(ids(after)).toEqual(ids(before));
  expect(await keptBy('2')).toBe('second edition');
}, 60_000);

test('a deploy that fails half-way rolls back, shows the reason and leaves what was there working', async () => {
  const { code, text } = await deploy(assemblies.broken);
  expect(code).toBe(1);
  expect(text).toMatch(/UPDATE_ROLLBACK_COMPLET.* Notes/);
  expect(text).toMatch(/Resource updates failed:\s+Notes\/Broken .*DelaySeconds/s);
  expect(await keptBy('3')).toBe('second edition');
}, 60_000);
