import { build, type BuildOptions } from 'esbuild';
import { BUNDLING } from '../infra/pipeline/bundle.ts';

/** A peer in one file, nothing left out. */
export async function bundlePeer(entry: string, outfile: string, options: BuildOptions): Promise<void> {
  await build({ ...BUNDLING, logLevel: 'error', ...options, entryPoints: [entry], outfile });
}
