import { build } from 'esbuild';

/**
 * As functions are deployed (`infra/pipeline/function.ts`): one file, nothing left out. Returns its bytes.
 * @param nodePaths where modules are found that the project does not have
 */
export async function bundle(
  entry: string,
  outfile: string,
  { nodePaths = [], minify = true }: { nodePaths?: string[]; minify?: boolean } = {},
): Promise<number> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    nodePaths,
    bundle: true,
    minify,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)[0]!.bytes;
}
