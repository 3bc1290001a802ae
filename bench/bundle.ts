import { build, type BuildOptions } from 'esbuild';
import { BUNDLING } from '../infra/pipeline/bundle.ts';

/** As functions are deployed: one file, nothing left out. Returns its bytes. */
export async function bundle(entry: string, outfile: string, options: BuildOptions = {}): Promise<number> {
  const { metafile } = await build({
    ...BUNDLING,
    target: 'node20',
    logLevel: 'error',
    ...options,
    entryPoints: [entry],
    outfile,
    metafile: true,
  });
  return Object.values(metafile.outputs)[0]!.bytes;
}
