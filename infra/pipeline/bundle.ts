import { basename, dirname, join, relative, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildFailure, type BuildOptions } from 'esbuild';

/**
 * How a function's file is made. Without the chain of places where the SDK looks for credentials it is a third smaller, and
 * starts faster.
 */
export const BUNDLING = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': resolve(
      import.meta.dirname,
      '../../functions/runtime/credentials.ts',
    ),
  },
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
      local: { tryBundle: (folder) => bundle(entry, join(folder, 'index.js')) },
    },
  });
}

function bundle(entry: string, outfile: string): true {
  try {
    buildSync({ ...BUNDLING, entryPoints: [entry], outfile, logLevel: 'silent' });
    return true;
  } catch (error) {
    const { location, text } = (error as BuildFailure).errors[0]!;
    const where = location ? `${location.file}:${location.line}:${location.column}` : relative('.', entry);
    throw new Error(`${relative('.', entry)} cannot be bundled: ${where}: ${text}`, { cause: error });
  }
}
