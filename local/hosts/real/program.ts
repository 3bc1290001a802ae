import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/** Writes `bootstrap.ts` into `folder` as one plain file that starts in a moment; returns its path. */
export async function program(folder: string): Promise<string> {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL('bootstrap.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  const path = join(folder, 'bootstrap.cjs');
  writeFileSync(path, await bundled);
  return path;
}
