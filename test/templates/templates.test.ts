/** `npm run test:templates`: what cfn-lint and cfn-guard think of the shop. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Shop } from '../../infra/shop.ts';
import { context } from '../infra/shopfront/index.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { cfnGuard, cfnLint, type Found } from './tools.ts';

let folder: string;
const needed = new Set<Exception>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
  for (const stage of ['dev', 'production']) {
    const app = new App({ context, outdir: join(folder, stage) });
    void new Shop(app, 'shop', { stage, alarmEmail: 'oncall@example.com' });
    app.synth();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['dev', 'production'])('the template of stage %s', (stage) => {
  test('passes cfn-lint', () => {
    expect(unexplained(cfnLint(join(folder, stage, 'shop.template.json')))).toEqual([]);
  });
  test('passes the proactive controls of AWS Control Tower', () => {
    expect(unexplained(cfnGuard(join(folder, stage, 'shop.template.json')))).toEqual([]);
  });
});

test('every exception is needed', () => {
  expect(EXCEPTIONS.filter((exception) => !needed.has(exception))).toEqual([]);
});

const unexplained = (found: readonly Found[]): Found[] =>
  found.filter(({ rule, resource }) => {
    const exception = EXCEPTIONS.find((one) => one.rule === rule && one.resources.test(resource));
    if (exception) needed.add(exception);
    return !exception;
  });
