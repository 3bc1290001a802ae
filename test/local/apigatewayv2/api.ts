import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  GetRoutesCommand,
  UpdateRouteCommand,
  type CreateApiCommandInput,
  type CreateAuthorizerCommandInput,
  type CreateIntegrationCommandInput,
  type CreateRouteCommandInput,
  type CreateStageCommandInput,
  type UpdateRouteCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import type { LocalOptions } from '../../../local/index.ts';
import { startFunctions, type Functions } from '../lambda/fixture.ts';
import { FUNCTION, send, type Got, type Sent } from '../apigateway/api.ts';

export interface HttpApi extends Functions {
  gateway: ApiGatewayV2Client;
  ApiId: string;
  /** Adds routes that lead to the function `f`. */
  routes(
    keys: string[],
    integration?: Partial<CreateIntegrationCommandInput>,
    route?: Partial<CreateRouteCommandInput>,
  ): Promise<void>;
  stage(input?: Partial<CreateStageCommandInput>): Promise<void>;
  /** A request to the API, by the path that LocalStack has. */
  call(path: string, sent?: Sent): Promise<Got>;
}

/** An HTTP API with nothing in it. */
export async function startHttpApi(
  settings: Partial<CreateApiCommandInput> = {},
  options: LocalOptions = {},
): Promise<HttpApi> {
  const aws = await startFunctions(options);
  const gateway = aws.client(ApiGatewayV2Client);
  const { ApiId = '' } = await gateway.send(
    new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP', ...settings }),
  );
  return {
    ...aws,
    gateway,
    ApiId,
    async routes(keys, integration = {}, route = {}) {
      const { IntegrationId } = await gateway.send(
        new CreateIntegrationCommand({
          ApiId,
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: FUNCTION,
          PayloadFormatVersion: '2.0',
          ...integration,
        }),
      );
      for (const RouteKey of keys)
        await gateway.send(
          new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...route }),
        );
    },
    async stage(input = {}) {
      await gateway.send(
        new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, ...input }),
      );
    },
    call: (path, sent) => send(aws, `/_aws/execute-api/${ApiId}${path}`, sent),
  };
}

/** Lets the API call `f`. @param within the API: `*` is all of it */
export const permit = (aws: HttpApi, within = '*') =>
  aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:eu-west-1:000000000000:${aws.ApiId}/${within}`,
    }),
  );

/** An HTTP API whose routes lead to a function that answers with the event that it was given. */
export async function startEcho(
  keys = ['$default'],
  integration: Partial<CreateIntegrationCommandInput> = {},
  answer = '({ statusCode: 200, body: JSON.stringify(event) })',
  options: LocalOptions = {},
): Promise<HttpApi> {
  const aws = await startHttpApi({}, options);
  await aws.make(`exports.handler = async (event) => ${answer};`);
  await permit(aws);
  await aws.routes(keys, integration);
  await aws.stage();
  return aws;
}

/** Makes every route ask for what is given. */
export async function guard(aws: HttpApi, authorization: Partial<UpdateRouteCommandInput>): Promise<void> {
  const { ApiId, gateway } = aws;
  const { Items = [] } = await gateway.send(new GetRoutesCommand({ ApiId }));
  for (const { RouteId } of Items)
    await gateway.send(new UpdateRouteCommand({ ApiId, RouteId, ...authorization }));
}

/** An authorizer named `guard`. Answers its id. */
export async function authorizer(
  { gateway, ApiId }: HttpApi,
  settings: Partial<CreateAuthorizerCommandInput>,
): Promise<string> {
  const { AuthorizerId } = await gateway.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: 'guard',
      AuthorizerType: 'REQUEST',
      IdentitySource: ['$request.header.Authorization'],
      ...settings,
    }),
  );
  return AuthorizerId!;
}
