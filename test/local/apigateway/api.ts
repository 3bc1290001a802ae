import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteIntegrationResponseCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type CreateRestApiCommandInput,
  type PutIntegrationCommandInput,
  type PutMethodCommandInput,
  type UpdateStageCommandInput,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { startFunctions, type Functions } from '../lambda/fixture.ts';
import type { LocalOptions } from '../../../local/index.ts';

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface Got {
  status: number;
  headers: Record<string, string | string[]>;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever JSON was answered
  json: any;
}

export interface Api extends Functions {
  gateway: APIGatewayClient;
  restApiId: string;
  /** Adds a method with an integration (a mock unless said otherwise) and the resources that lead to it. */
  route(
    route: string,
    method?: Partial<PutMethodCommandInput>,
    integration?: Partial<PutIntegrationCommandInput>,
  ): Promise<void>;
  /** Where a method is. */
  place(route: string): Promise<{ resourceId: string; httpMethod: string }>;
  /** Has a mock answer with another status than 200. */
  answer(route: string, statusCode: string): Promise<void>;
  /** Adds a method that calls the function `f`. */
  toFunction(route: string, method?: Partial<PutMethodCommandInput>): Promise<void>;
  /** Deploys what there is to the stage `dev`. */
  publish(variables?: Record<string, string>): Promise<void>;
  setStage(patchOperations: UpdateStageCommandInput['patchOperations']): Promise<void>;
  /** A request to the stage `dev`. */
  call(path: string, sent?: Sent): Promise<Got>;
  /** A request to any path. */
  at(path: string, sent?: Sent): Promise<Got>;
}

export const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
export const invocationUri = (reference = FUNCTION) =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${reference}/invocations`;

const MOCK = { requestTemplates: { 'application/json': '{"statusCode": 200}' } };

/** A REST API with nothing in it. */
export async function startApi(
  settings: Partial<CreateRestApiCommandInput> = {},
  options: LocalOptions = {},
): Promise<Api> {
  const aws = await startFunctions(options);
  const gateway = aws.client(APIGatewayClient);
  const { id: restApiId, rootResourceId } = await gateway.send(
    new CreateRestApiCommand({ name: 'shop', ...settings }),
  );

  const resourceOf = async (path: string): Promise<string> => {
    const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
    const there = items.find((item) => item.path === path);
    if (there || path === '/') return there?.id ?? rootResourceId!;
    const cut = path.lastIndexOf('/');
    const parentId = await resourceOf(path.slice(0, cut) || '/');
    const made = await gateway.send(
      new CreateResourceCommand({ restApiId, parentId, pathPart: path.slice(cut + 1) }),
    );
    return made.id!;
  };

  const place: Api['place'] = async (named) => {
    const [httpMethod = '', path = '/'] = named.split(' ');
    return { httpMethod, resourceId: await resourceOf(path) };
  };

  const route: Api['route'] = async (named, method = {}, integration = {}) => {
    const at = { restApiId, ...(await place(named)) };
    await gateway.send(new PutMethodCommand({ authorizationType: 'NONE', ...method, ...at }));
    await gateway.send(
      new PutIntegrationCommand({
        ...(integration.type === undefined && MOCK),
        ...integration,
        type: integration.type ?? 'MOCK',
        ...at,
      }),
    );
    if (integration.type === undefined)
      await gateway.send(new PutIntegrationResponseCommand({ statusCode: '200', ...at }));
  };

  return {
    ...aws,
    gateway,
    restApiId: restApiId!,
    route,
    place,
    async answer(named, statusCode) {
      const at = { restApiId, ...(await place(named)) };
      await gateway.send(new DeleteIntegrationResponseCommand({ statusCode: '200', ...at }));
      await gateway.send(new PutIntegrationResponseCommand({ statusCode, ...at }));
    },
    toFunction: (named, method) =>
      route(named, method, { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: invocationUri() }),
    async publish(variables) {
      const { id: deploymentId } = await gateway.send(new CreateDeploymentCommand({ restApiId }));
      await gateway.send(new CreateStageCommand({ restApiId, stageName: 'dev', deploymentId, variables }));
    },
    async setStage(patchOperations) {
      await gateway.send(new UpdateStageCommand({ restApiId, stageName: 'dev', patchOperations }));
    },
    at: (path, sent) => send(aws, path, sent),
    call: (path, sent) => send(aws, `/_aws/execute-api/${restApiId}/dev${path}`, sent),
  };
}

/** Sends one request as it stands on the wire; time passes as far as its answer needs. */
export async function send(
  { world }: Functions | Pick<Functions, 'world'>,
  path: string,
  { method = 'GET', headers = {}, body = '' }: Sent = {},
): Promise<Got> {
  const {
    status,
    headers: answered,
    body: bytes,
  } = await world.clock.until(
    world.wire({
      method,
      path,
      headers: Object.fromEntries(
        Object.entries({ host: '127.0.0.1:4566', ...headers }).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]),
      ),
      rawHeaders: Object.entries({ Host: '127.0.0.1:4566', ...headers }).flat(),
      body: Buffer.from(body),
    }),
  );
  const text = Buffer.from(bytes).toString();
  return { status, headers: answered, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lets the API call `f`. */
export const permit = (
  aws: Api,
  SourceArn = `arn:aws:execute-api:eu-west-1:000000000000:${aws.restApiId}/*`,
) =>
  aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    }),
  );

/** An API whose every path leads to a function that answers with the event that it was given. */
export async function startEcho(
  settings: Partial<CreateRestApiCommandInput> = {},
  answer = '({ statusCode: 200, body: JSON.stringify(event) })',
): Promise<Api> {
  const aws = await startApi(settings);
  await aws.make(`exports.handler = async (event) => ${answer};`);
  await permit(aws);
  await aws.toFunction('ANY /{proxy+}');
  return aws;
}
