import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

let bundled: Promise<string> | undefined;

/** Writes `bootstrap.ts` into `folder` as one plain file that starts in a moment; returns its path. */
export async function program(folder: string): Promise<string> {
  bundled ??= bundle();
  const path = join(folder, 'bootstrap.cjs');
  writeFileSync(path, await bundled);
  return path;
}

async function bundle(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('bootstrap.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
