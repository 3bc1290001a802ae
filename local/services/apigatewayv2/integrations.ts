/** Integrations: the functions and AWS services that routes lead to. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { badRequest, conflict } from '../apigateway/errors.ts';
import type { Api, Apis, Integration } from './api.ts';
import { defined, refuseGiven } from './given.ts';
import { listed } from './page.ts';
import { checkSubtype } from './subtypes.ts';

export const managingIntegrations = (apis: Apis) => ({
  CreateIntegration({ ApiId, ...given }: Gateway.CreateIntegrationCommandInput) {
    const api = apis.at(ApiId);
    return put(apis, api, {
      ...defined(given),
      IntegrationId: apis.newId(7),
      IntegrationUri: given.IntegrationUri ?? '',
      ConnectionType: given.ConnectionType ?? 'INTERNET',
      IntegrationMethod: given.IntegrationMethod ?? 'POST',
      TimeoutInMillis: given.TimeoutInMillis ?? 30_000,
      ...(given.IntegrationSubtype !== undefined && {
        PayloadFormatVersion: given.PayloadFormatVersion ?? '1.0',
      }),
    }) satisfies Answer<Gateway.CreateIntegrationCommandOutput>;
  },

  GetIntegration({ ApiId, IntegrationId }: Gateway.GetIntegrationCommandInput) {
    return apis.integrationAt(
      apis.at(ApiId),
      IntegrationId,
    ) satisfies Answer<Gateway.GetIntegrationCommandOutput>;
  },

  GetIntegrations(input: Gateway.GetIntegrationsCommandInput) {
    return listed(
      apis.at(input.ApiId).integrations.values(),
      input,
    ) satisfies Answer<Gateway.GetIntegrationsCommandOutput>;
  },

  UpdateIntegration({ ApiId, IntegrationId, ...given }: Gateway.UpdateIntegrationCommandInput) {
    const api = apis.at(ApiId);
    return put(apis, api, {
      ...apis.integrationAt(api, IntegrationId),
      ...defined(given),
    }) satisfies Answer<Gateway.UpdateIntegrationCommandOutput>;
  },

  DeleteIntegration({ ApiId, IntegrationId }: Gateway.DeleteIntegrationCommandInput) {
    const api = apis.at(ApiId);
    const { IntegrationId: id } = apis.integrationAt(api, IntegrationId);
    if ([...api.routes.values()].some(({ Target }) => Target === `integrations/${id}`))
      throw conflict(`Cannot delete Integration ${id}. Integration is referenced by Route.`);
    api.integrations.delete(id);
    apis.changed(api);
    return {} satisfies Answer<Gateway.DeleteIntegrationCommandOutput>;
  },
});

function put(apis: Apis, api: Api, integration: Integration): Integration {
  check(integration);
  api.integrations.set(integration.IntegrationId, integration);
  apis.changed(api);
  return integration;
}

const FUNCTION = /^arn:[\w-]+:(lambda:|apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/)/;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function check(integration: Integration): void {
  const { IntegrationType, IntegrationSubtype, IntegrationUri, ConnectionType, PayloadFormatVersion } =
    integration;
  if (IntegrationType !== 'AWS_PROXY') throw notModelled(`integrations ${IntegrationType} of HTTP APIs`);
  if (ConnectionType !== 'INTERNET') throw notModelled(`connections ${ConnectionType} of HTTP APIs`);
  refuseGiven(
    integration,
    [
      'ConnectionId',
      'ContentHandlingStrategy',
      'PassthroughBehavior',
      'RequestTemplates',
      'ResponseParameters',
      'TemplateSelectionExpression',
      'TlsConfig',
    ],
    'an integration of an HTTP API',
  );
  const { TimeoutInMillis = 0 } = integration;
  if (TimeoutInMillis < 50 || TimeoutInMillis > 30_000)
    throw badRequest('Timeout should be between 50 ms and 30000 ms');
  if (IntegrationSubtype !== undefined) return checkSubtype(integration);
  refuseGiven(integration, ['RequestParameters'], 'an integration of an HTTP API');
  if (PayloadFormatVersion === undefined)
    throw badRequest('PayloadFormatVersion is a required parameter for integration');
  if (!['1.0', '2.0'].includes(PayloadFormatVersion))
    throw badRequest(`PayloadFormatVersion ${PayloadFormatVersion} is not supported`);
  if (!FUNCTION.test(IntegrationUri)) throw notModelled(`the integration ${IntegrationUri}`);
}
