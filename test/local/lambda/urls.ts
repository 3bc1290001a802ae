import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  type AddPermissionCommandInput,
  type CreateFunctionUrlConfigCommandInput,
} from '@aws-sdk/client-lambda';
import { send, type Got, type Sent } from '../apigateway/api.ts';
import { startFunctions, type Functions } from './fixture.ts';

export interface WithUrls extends Functions {
  /** Lets everybody do something with a function. */
  permission(
    input: Partial<AddPermissionCommandInput> & { FunctionName: string },
  ): Promise<{ Statement?: string | undefined }>;
  /** Gives a function a URL, which is for everybody unless said otherwise. Answers its host. */
  urlOf(FunctionName: string, settings?: Partial<CreateFunctionUrlConfigCommandInput>): Promise<string>;
  /** Makes a function that everybody may ask at its URL. Answers the host. */
  open(name: string, answer?: string, settings?: object): Promise<string>;
  call(host: string, path?: string, sent?: Sent): Promise<Got>;
}

/** Answers with the event that it was given, or as `answer` says. */
export const echo = (answer = '({ statusCode: 200, body: JSON.stringify(event) })') =>
  `exports.handler = async (event) => ${answer};`;

export const viaUrl = { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' } as const;
export const invoked = { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true };

export async function startUrls(): Promise<WithUrls> {
  const functions = await startFunctions();
  const { lambda } = functions;
  const aws: WithUrls = {
    ...functions,
    permission: (input) =>
      lambda.send(
        new AddPermissionCommand({
          StatementId: input.Action?.split(':')[1],
          Action: undefined,
          Principal: '*',
          ...input,
        }),
      ),
    async urlOf(FunctionName, settings = {}) {
      const { FunctionUrl } = await lambda.send(
        new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', ...settings }),
      );
      return new URL(FunctionUrl!).host;
    },
    async open(name, answer, settings) {
      await functions.make(echo(answer), { FunctionName: name });
      await aws.permission({ FunctionName: name, ...viaUrl });
      await aws.permission({ FunctionName: name, ...invoked });
      return aws.urlOf(name, settings);
    },
    call: (host, path = '/', sent = {}) =>
      send(functions, path, { ...sent, headers: { Host: host, ...sent.headers } }),
  };
  return aws;
}
