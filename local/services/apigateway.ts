/** Amazon API Gateway, REST APIs: their parts, and the requests that clients send to what was deployed. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { managingAccount, type AccountSettings } from './apigateway/account.ts';
import { managingApiKeys, type ApiKeys } from './apigateway/api-keys.ts';
import { apisOf } from './apigateway/api.ts';
import { managingAuthorizers } from './apigateway/authorizers.ts';
import { deploying } from './apigateway/deployments.ts';
import { executing } from './apigateway/execute.ts';
import type { AuthorizerVerdicts } from './apigateway/execute/lambda-authorizer.ts';
import { verdictsOf } from './apigateway/execute/verdicts.ts';
import { managingGatewayResponses } from './apigateway/gateway-responses.ts';
import { managingIntegrationResponses } from './apigateway/integration-responses.ts';
import { managingIntegrations } from './apigateway/integrations.ts';
import { managingMethodResponses } from './apigateway/method-responses.ts';
import { managingMethods } from './apigateway/methods.ts';
import { managingModels } from './apigateway/models.ts';
import { pathOf } from './apigateway/paths.ts';
import { quotasOf } from './apigateway/quotas.ts';
import { managingResources } from './apigateway/resources.ts';
import { managingApis } from './apigateway/rest-apis.ts';
import { staging } from './apigateway/stages.ts';
import { tagging } from './apigateway/tags.ts';
import { telling } from './apigateway/usage.ts';
import { managingUsagePlanKeys } from './apigateway/usage-plan-keys.ts';
import { managingUsagePlans, type Plans } from './apigateway/usage-plans.ts';
import { managingValidators } from './apigateway/validators.ts';

declare module '../world.ts' {
  interface Services {
    apigateway: ReturnType<typeof gateway>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-api-gateway')],
  start: gateway,
} satisfies ServiceModule;

function gateway(world: World) {
  const apis = apisOf(world);
  const keys: ApiKeys = new Map();
  const plans: Plans = new Map();
  const settings: AccountSettings = new Map();
  const quotas = quotasOf(world);
  const verdicts: AuthorizerVerdicts = verdictsOf(world.clock);
  world.durable?.map('apigateway/apis', apis.all);
  world.durable?.map('apigateway/keys', keys);
  world.durable?.map('apigateway/plans', plans);
  world.durable?.map('apigateway/account', settings);

  return {
    operations: {
      ...managingApis(apis),
      ...managingResources(apis),
      ...managingMethods(apis),
      ...managingMethodResponses(apis),
      ...managingIntegrations(apis),
      ...managingIntegrationResponses(apis),
      ...managingModels(apis),
      ...managingValidators(apis),
      ...managingAuthorizers(apis, verdicts),
      ...managingGatewayResponses(apis),
      ...deploying(apis),
      ...staging(apis, () => settings.get('cloudwatchRoleArn')),
      ...managingApiKeys(apis, keys),
      ...managingUsagePlans(apis, plans),
      ...managingUsagePlanKeys(keys, plans),
      ...telling(plans, quotas),
      ...managingAccount(settings),
      ...tagging(apis, keys, plans),
    },
    resources: (operation: string, input: Record<string, string | undefined>) => [
      `arn:aws:apigateway:${world.region}::${pathOf(operation, input)}`,
    ],
    /** Answers a request to a deployed API. */
    execute: executing(apis, keys, plans, quotas, verdicts),
    /** Stages of each API. */
    state: () => Object.fromEntries([...apis.all.values()].map(({ id, stages }) => [id, [...stages.keys()]])),
  } satisfies Service & Record<string, unknown>;
}
