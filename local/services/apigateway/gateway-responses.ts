/** How an API words the refusals of the gateway itself, by type. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import type { Apis, Definition } from './api.ts';
import { badRequest, notFound } from './errors.ts';
import { patched } from './patch.ts';

export const managingGatewayResponses = (apis: Apis) => ({
  PutGatewayResponse(input: Gateway.PutGatewayResponseCommandInput) {
    const { restApiId, responseType, statusCode, responseParameters, responseTemplates } = input;
    const api = apis.at(restApiId);
    const type = checkedType(responseType);
    const response = {
      ...standard(type),
      ...(statusCode !== undefined && { statusCode }),
      responseParameters: responseParameters ?? {},
      responseTemplates: responseTemplates ?? DEFAULT_TEMPLATES,
      defaultResponse: false,
    };
    api.responses.set(type, response);
    return response satisfies Answer<Gateway.PutGatewayResponseCommandOutput>;
  },

  GetGatewayResponse({ restApiId, responseType }: Gateway.GetGatewayResponseCommandInput) {
    const api = apis.at(restApiId);
    return responseOf(
      api,
      checkedType(responseType),
    ) satisfies Answer<Gateway.GetGatewayResponseCommandOutput>;
  },

  GetGatewayResponses({ restApiId }: Gateway.GetGatewayResponsesCommandInput) {
    const api = apis.at(restApiId);
    return {
      items: TYPES.toSorted().map((type) => responseOf(api, type)),
    } satisfies Answer<Gateway.GetGatewayResponsesCommandOutput>;
  },

  UpdateGatewayResponse(input: Gateway.UpdateGatewayResponseCommandInput) {
    const api = apis.at(input.restApiId);
    const type = checkedType(input.responseType);
    const response = patched(responseOf(api, type), input.patchOperations, {
      '/statusCode': 'text',
      '/responseParameters/{}': 'text',
      '/responseTemplates/{}': 'text',
    });
    api.responses.set(type, { ...response, defaultResponse: false });
    return api.responses.get(type)! satisfies Answer<Gateway.UpdateGatewayResponseCommandOutput>;
  },

  DeleteGatewayResponse({ restApiId, responseType }: Gateway.DeleteGatewayResponseCommandInput) {
    const api = apis.at(restApiId);
    if (!api.responses.delete(checkedType(responseType)))
      throw notFound('Gateway response type not defined on api');
    return {} satisfies Answer<Gateway.DeleteGatewayResponseCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const STATUSES = {
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  MISSING_AUTHENTICATION_TOKEN: '403',
  BAD_REQUEST_BODY: '400',
  INVALID_SIGNATURE: '403',
  INVALID_API_KEY: '403',
  BAD_REQUEST_PARAMETERS: '400',
  AUTHORIZER_FAILURE: '500',
  UNAUTHORIZED: '401',
  INTEGRATION_TIMEOUT: '504',
  ACCESS_DENIED: '403',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  WAF_FILTERED: '403',
  QUOTA_EXCEEDED: '429',
  THROTTLED: '429',
  API_CONFIGURATION_ERROR: '500',
  UNSUPPORTED_MEDIA_TYPE: '415',
  INTEGRATION_FAILURE: '504',
  EXPIRED_TOKEN: '403',
};

export type ResponseType = keyof typeof STATUSES;

const TYPES = Object.keys(STATUSES) as ResponseType[];

const DEFAULT_TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };

const standard = (type: ResponseType): Gateway.GatewayResponse => ({
  responseType: type,
  ...(STATUSES[type] !== undefined && { statusCode: STATUSES[type] }),
  responseParameters: {},
  responseTemplates: DEFAULT_TEMPLATES,
  defaultResponse: true,
});

/** What was put for the type itself, else for all of its class, else what AWS says. */
export function responseOf(
  { responses }: Pick<Definition, 'responses'>,
  type: ResponseType,
): Gateway.GatewayResponse {
  const own = responses.get(type);
  if (own) return own;
  const status = STATUSES[type];
  const ofClass = status && responses.get(status < '500' ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  if (!ofClass) return standard(type);
  const { statusCode = status, responseParameters, responseTemplates } = ofClass;
  return { responseType: type, statusCode, responseParameters, responseTemplates, defaultResponse: true };
}

function checkedType(type: string | undefined): ResponseType {
  if (TYPES.includes(type as ResponseType)) return type as ResponseType;
  throw badRequest(
    `1 validation error detected: Value '${type}' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [${TYPES.join(', ')}]`,
  );
}
