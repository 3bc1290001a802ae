import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const VERSIONS = {
  '@aws-lambda-powertools/batch': '2.35.0',
  '@aws-lambda-powertools/idempotency': '2.35.0',
  '@aws-lambda-powertools/parser': '2.35.0',
  '@aws-sdk/client-dynamodb': '3.1162.0',
  '@aws-sdk/lib-dynamodb': '3.1162.0',
  zod: '4.6.7',
};

/** Installs Powertools for Lambda, for measures only, beside the project's own modules. Returns its `node_modules`. */
export async function powertools(): Promise<string> {
  const folder = 'node_modules/.cache/bench-powertools';
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true, dependencies: VERSIONS }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
  });
  return `${folder}/node_modules`;
}

/** A row that compares both, to four digits. `wanted` is about the ratio, '' where nothing is. */
export const row = (what: string, spillway: number, powertools: number, wanted: string) => ({
  what,
  spillway: Number(spillway.toPrecision(4)),
  powertools: Number(powertools.toPrecision(4)),
  ratio: Number((spillway / powertools).toPrecision(4)),
  wanted,
});
