import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, expect, it } from 'vitest';
import { event } from '../../../functions/runtime/contract.ts';
import { bundleFunction } from '../../../infra/pipeline/bundle.ts';
import { Pipeline } from '../../../infra/pipeline/index.ts';
import { OrderPlaced } from '../shopfront/contracts.ts';
import { context, root, stackFor, synthesized } from '../shopfront/index.ts';

const bundling = { ...context, 'aws:cdk:bundling-stacks': ['**'] };
const scratch = mkdtempSync(join(tmpdir(), 'spillway-'));
afterAll(() => rmSync(scratch, { recursive: true }));

it('a function is bundled whole, SDK included, into one CommonJS module', () => {
  const app = new App({ context: bundling, outdir: join(scratch, 'cdk.out') });
  const pipeline = new Pipeline(new Stack(app, 'bundled'), 'Shop', { stage: 'dev', root });
  pipeline.consumer('audit', { on: [OrderPlaced], handler: 'functions/withSdk/handler.ts' });
  const { directory } = app.synth();
  const { files } = JSON.parse(readFileSync(join(directory, 'bundled.assets.json'), 'utf8')) as Assets;
  const { source } = Object.values(files).find(({ displayName }) => displayName.includes('Audit'))!;

  // Nothing can be resolved from this folder, so what loads here is complete.
  const load = createRequire(join(directory, 'anywhere.js'));
  const bundle = join(directory, source.path, 'index.js');
  expect(load(bundle)).toHaveProperty('handler');
  expect(readFileSync(bundle, 'utf8'), 'credentials other than Lambda’s').not.toContain('sso_session');
  expect(() => load('@aws-sdk/client-sqs')).toThrow('Cannot find module');
});

it('event streams are bundled with a client that has some, and with no other', () => {
  const bundled = (name: string) => {
    const file = join(scratch, `${name}.cjs`);
    bundleFunction(join(root, `functions/${name}/handler.ts`), file);
    return file;
  };
  const load = createRequire(join(scratch, 'anywhere.js'));
  const without = readFileSync(bundled('withSdk'), 'utf8');
  const streaming = bundled('withStreams');
  expect(without).not.toContain(':event-type');
  expect(readFileSync(streaming, 'utf8')).toContain(':event-type');
  expect((load(streaming) as { handler(): string }).handler()).toBe('object');
});

it('a function that cannot be bundled is refused with file, line and reason', () => {
  for (const name of ['relay', 'audit']) mkdirSync(join(scratch, 'functions', name), { recursive: true });
  writeFileSync(join(scratch, 'functions/relay/handler.ts'), 'export const handler = () => {};\n');
  writeFileSync(join(scratch, 'functions/audit/handler.ts'), "export { handler } from './missing.ts';\n");
  const stack = new Stack(new App({ context: bundling }), 'broken');
  const pipeline = new Pipeline(stack, 'Shop', { stage: 'dev', root: scratch });
  expect(() => pipeline.consumer('audit', { on: [OrderPlaced] })).toThrow(
    /functions\/audit\/handler\.ts cannot be bundled: \S+handler\.ts:1:24: Could not resolve "\.\/missing\.ts"/,
  );
});

it('a consumer may listen to more types than the description of its function can name', () => {
  const host = stackFor('curious');
  const types = Array.from({ length: 20 }, (_, i) =>
    event(`order.reported-${i}`, { source: 'shop.checkout', data: {} }),
  );
  new Pipeline(host, 'Shop', { stage: 'dev', root }).consumer('audit', { on: types });
  const { Description } = synthesized(host).at('Shop/Audit/Function').Properties;
  expect(Description).toMatch(/^audit: handles order\.reported-0, .*…$/);
  expect(Description).toHaveLength(256);
});

interface Assets {
  files: Record<string, { displayName: string; source: { path: string } }>;
}
