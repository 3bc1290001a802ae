import { basename, dirname, join, relative, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildFailure, type BuildOptions } from 'esbuild';

/** How a function's file is made. */
export const BUNDLING = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
} satisfies BuildOptions;

/**
 * The module and everything that it imports, in one file. The AWS SDK is bundled too: a pinned version starts faster
 * than the runtime's own. esbuild runs in this process, because `NodejsFunction` starts `npx` for every function.
 */
export function bundled(entry: string): lambda.Code {
  return lambda.Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      command: ['esbuild', basename(entry)],
      local: { tryBundle: (folder) => tryBundle(entry, join(folder, 'index.js')) },
    },
  });
}

/** True, as CDK wants to hear it. Throws with file, line and reason. */
function tryBundle(entry: string, outfile: string): true {
  try {
    bundleFunction(entry, outfile);
    return true;
  } catch (error) {
    const { location, text } = (error as BuildFailure).errors[0]!;
    const where = location ? `${location.file}:${location.line}:${location.column}` : relative('.', entry);
    throw new Error(`${relative('.', entry)} cannot be bundled: ${where}: ${text}`, { cause: error });
  }
}

/**
 * Leaves out what takes a third of the SDK's size and never runs: the chain of places where it looks for credentials, and
 * event streams, unless a client has some. Every client's protocol would load those on demand, for which each module that
 * they share with the rest is wrapped in a function; a client that has some imports them outright.
 */
export function bundleFunction(entry: string, outfile: string): void {
  const build = (external: string[]) =>
    buildSync({
      ...BUNDLING,
      alias: ALIAS,
      external,
      entryPoints: [entry],
      outfile,
      metafile: true,
      logLevel: 'silent',
    });
  const { inputs } = build([EVENT_STREAMS]).metafile;
  const streams = Object.values(inputs).some(({ imports }) =>
    imports.some(({ path, kind }) => path === EVENT_STREAMS && kind !== 'dynamic-import'),
  );
  if (streams) build([]);
}

const EVENT_STREAMS = '@smithy/core/event-streams';

const ALIAS = {
  '@aws-sdk/credential-provider-node': resolve(import.meta.dirname, '../../functions/runtime/credentials.ts'),
};
