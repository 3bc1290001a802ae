import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { startLocal, type Local, type LocalOptions } from '../../../local/index.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/function';

/** A zip file of these files. */
export const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    level: 1,
  });

/** A handler in TypeScript bundled with everything it imports, as CDK's NodejsFunction does. */
export async function bundle(source: string, format: 'cjs' | 'esm' = 'cjs'): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: source, loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    write: false,
    logLevel: 'error',
  });
  return zip({ [format === 'cjs' ? 'index.js' : 'index.mjs']: outputFiles[0]!.text });
}

export interface Functions extends Local {
  lambda: LambdaClient;
  /** Makes a function named `f` unless said otherwise; code is an `index.js` or a zip file. */
  make(code: string | Uint8Array, settings?: object): Promise<void>;
  /** Invokes `f` and gives its answer, parsed. */
  invoke(event?: unknown, options?: object): Promise<Answer>;
}

export interface Answer {
  payload: unknown;
  error: string | undefined;
  log: string;
}

export async function startFunctions(options: LocalOptions = {}): Promise<Functions> {
  const aws = await startLocal(options);
  const lambda = aws.client(LambdaClient);
  return {
    ...aws,
    lambda,
    async make(code, settings = {}) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'f',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: ROLE,
          Code: { ZipFile: typeof code === 'string' ? zip({ 'index.js': code }) : code },
          ...settings,
        }),
      );
    },
    async invoke(event = {}, settings = {}) {
      const {
        Payload,
        FunctionError,
        LogResult = '',
      } = await lambda.send(
        new InvokeCommand({
          FunctionName: 'f',
          Payload: JSON.stringify(event),
          LogType: 'Tail',
          ...settings,
        }),
      );
      return {
        payload: JSON.parse(Payload!.transformToString()) as unknown,
        error: FunctionError,
        log: Buffer.from(LogResult, 'base64').toString(),
      };
    },
  };
}
