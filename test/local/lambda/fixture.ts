import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { withRole } from '../iam/role.ts';
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
    mainFields: ['module', 'main'],
    minify: true,
    format,
    write: false,
    logLevel: 'error',
  });
  return zip({ [format === 'cjs' ? 'index.js' : 'index.mjs']: outputFiles[0]!.text });
}

let recorder: Promise<Uint8Array> | undefined;

/**
 * A function that keeps every event it was given, in the parameters `seen0`, `seen1`…, and then answers by `answer`, the body of a
 * function of `event` in plain JavaScript.
 */
export async function recording(answer = ''): Promise<{ Code: object; Environment: object }> {
  recorder ??= bundle(`
    import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
    const ssm = new SSMClient();
    const answer = new (async () => {}).constructor('event', process.env.ANSWER);
    const keep = (n, Value) =>
      ssm.send(new PutParameterCommand({ Name: 'seen' + n, Value, Type: 'String' })).catch(() => keep(n + 1, Value));
    export const handler = async (event) => {
      await keep(0, JSON.stringify(event));
      return answer(event);
    };`);
  return { Code: { ZipFile: await recorder }, Environment: { Variables: { ANSWER: answer } } };
}

/** The events that a recording function was given. */
export async function seenBy<Event>(aws: Functions): Promise<Event[]> {
  const ssm = aws.client(SSMClient);
  const events: Event[] = [];
  for (;;)
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `seen${events.length}` }));
      events.push(JSON.parse(Parameter!.Value!) as Event);
    } catch {
      return events;
    }
}

export interface Functions extends Local {
  lambda: LambdaClient;
  /** Makes a function named `f` unless said otherwise; code is an `index.js`, a zip file, or settings that hold it. */
  make(code: string | Uint8Array | object, settings?: object): Promise<void>;
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
  await withRole(aws, { name: 'function', statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
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
          Code: {},
          ...(code instanceof Uint8Array || typeof code === 'string'
            ? { Code: { ZipFile: typeof code === 'string' ? zip({ 'index.js': code }) : code } }
            : code),
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
