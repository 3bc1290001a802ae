/** Amazon API Gateway, HTTP APIs: their parts, and the requests that clients send to what was deployed. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { verdictsOf } from './apigateway/execute/verdicts.ts';
import { apisOf } from './apigatewayv2/api.ts';
import { managingAuthorizers } from './apigatewayv2/authorizers.ts';
import { deploying } from './apigatewayv2/deployments.ts';
import { executing } from './apigatewayv2/execute.ts';
import type { AuthorizerVerdicts } from './apigatewayv2/execute/lambda-authorizer.ts';
import { managingApis } from './apigatewayv2/http-apis.ts';
import { managingIntegrations } from './apigatewayv2/integrations.ts';
import { pathOf } from './apigatewayv2/paths.ts';
import { managingRoutes } from './apigatewayv2/routes.ts';
import { staging } from './apigatewayv2/stages.ts';
import { tagging } from './apigatewayv2/tags.ts';

declare module '../world.ts' {
  interface Services {
    apigatewayv2: ReturnType<typeof gateway>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-apigatewayv2')],
  signedAs: 'apigateway',
  start: gateway,
} satisfies ServiceModule;

function gateway(world: World) {
  const apis = apisOf(world);
  const verdicts: AuthorizerVerdicts = verdictsOf(world.clock);
  world.durable?.map('apigatewayv2/apis', apis.all);

  return {
    operations: {
      ...managingApis(apis),
      ...managingRoutes(apis),
      ...managingIntegrations(apis),
      ...managingAuthorizers(apis, verdicts),
      ...deploying(apis),
      ...staging(apis),
      ...tagging(apis),
    },
    resources: (operation: string, input: Record<string, string | undefined>) => [
      `arn:aws:apigateway:${world.region}::${pathOf(operation, input)}`,
    ],
    /** Whether there is an HTTP API of this id. */
    has: (apiId: string) => apis.all.has(apiId),
    /** Answers a request to a deployed API. */
    execute: executing(apis, verdicts),
    /** Stages of each API. */
    state: () => Object.fromEntries([...apis.all].map(([id, { stages }]) => [id, [...stages.keys()]])),
  } satisfies Service & Record<string, unknown>;
}
