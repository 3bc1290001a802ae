/** How the answers of an integration become the method's, by status. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { found, type Apis } from './api.ts';
import { integrationOf } from './integrations.ts';
import { checkStatus } from './method-responses.ts';
import { patched } from './patch.ts';

export const managingIntegrationResponses = (apis: Apis) => ({
  PutIntegrationResponse(input: Gateway.PutIntegrationResponseCommandInput) {
    const { restApiId, resourceId, httpMethod, statusCode = '', ...given } = input;
    const integration = integrationOf(apis.methodAt(apis.at(restApiId), resourceId, httpMethod));
    checkStatus(statusCode);
    const response = { statusCode, ...given };
    integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
    return response satisfies Answer<Gateway.PutIntegrationResponseCommandOutput>;
  },

  GetIntegrationResponse(input: Gateway.GetIntegrationResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    return responseAt(
      integrationOf(method),
      input.statusCode,
    ) satisfies Answer<Gateway.GetIntegrationResponseCommandOutput>;
  },

  UpdateIntegrationResponse(input: Gateway.UpdateIntegrationResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    const integration = integrationOf(method);
    const response = patched(responseAt(integration, input.statusCode), input.patchOperations, {
      '/selectionPattern': 'text',
      '/contentHandling': 'text',
      '/responseParameters/{}': 'text',
      '/responseTemplates/{}': 'text',
    });
    integration.integrationResponses![input.statusCode!] = response;
    return response satisfies Answer<Gateway.UpdateIntegrationResponseCommandOutput>;
  },

  DeleteIntegrationResponse(input: Gateway.DeleteIntegrationResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    const integration = integrationOf(method);
    responseAt(integration, input.statusCode);
    delete integration.integrationResponses![input.statusCode!];
    return {} satisfies Answer<Gateway.DeleteIntegrationResponseCommandOutput>;
  },
});

const responseAt = ({ integrationResponses }: Gateway.Integration, statusCode = '') =>
  found(integrationResponses?.[statusCode], 'Invalid Response status code specified');
