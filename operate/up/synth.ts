import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { OperateError } from '../errors.ts';

export interface SynthOptions {
  /** The folder with `cdk.json`. @default the current folder */
  folder?: string;
  /** Where the assembly goes. @default `cdk.out` in `folder` */
  into?: string;
  /** Context beside that of `cdk.json`. @default none */
  context?: Record<string, unknown>;
  /** @default 000000000000 */
  account?: string;
  /** @default us-east-1 */
  region?: string;
}

/**
 * Runs the app that `cdk.json` names, as the CDK command line does, and resolves with the folder of the assembly.
 * Template validation is left to `cdk synth`: it takes seconds a template. Throws SYNTH_FAILED with the first error, and FILE_MISSING.
 */
export async function synth({
  folder = '.',
  into = resolve(folder, 'cdk.out'),
  context = {},
  account = '000000000000',
  region = 'us-east-1',
}: SynthOptions = {}): Promise<string> {
  const path = resolve(folder, 'cdk.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new OperateError('FILE_MISSING', `There is no file ${path}`);
  });
  const cdk = JSON.parse(text) as {
    app: string;
    context?: Record<string, unknown>;
  };
  const { code, output } = await shell(cdk.app, folder, {
    CDK_OUTDIR: into,
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdk.context, ...context }),
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    CDK_VALIDATION: 'false',
  });
  if (code !== 0) throw new OperateError('SYNTH_FAILED', firstError(output));
  return into;
}

function shell(
  command: string,
  cwd: string,
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(command, {
      cwd,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', failed);
    child.on('close', (code) => done({ code, output }));
  });
}

/** The line of an app's output that a person would look for first: what esbuild, or the error that ended it, says. */
function firstError(output: string): string {
  const lines = output.split('\n').map((line) => stripVTControlCharacters(line).trim());
  const telling =
    lines.find((line) => /^(?:✘ )?\[?error\]?:? |^(?:[A-Z]\w*)?Error\b.*: /i.test(line)) ??
    lines.find((line) => /error/i.test(line)) ??
    lines.findLast(Boolean);
  return (telling ?? 'the app of cdk.json ended without a word').slice(0, 500);
}
