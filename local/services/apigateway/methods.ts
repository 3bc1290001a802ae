/** Methods of a resource. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Api, Apis, Method } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { patched } from './patch.ts';

export const managingMethods = (apis: Apis) => ({
  PutMethod(input: Gateway.PutMethodCommandInput) {
    const { restApiId, resourceId, httpMethod = '', ...given } = input;
    const api = apis.at(restApiId);
    const resource = apis.resourceAt(api, resourceId);
    if (!METHODS.includes(httpMethod))
      throw badRequest(`Invalid HttpMethod specified. Valid options are ${METHODS.join(',')}`);
    if (resource.resourceMethods[httpMethod]) throw conflict('Method already exists for this resource');
    const method = checked(api, { ...given, httpMethod, apiKeyRequired: given.apiKeyRequired ?? false });
    resource.resourceMethods[httpMethod] = method;
    return method satisfies Answer<Gateway.PutMethodCommandOutput>;
  },

  GetMethod({ restApiId, resourceId, httpMethod }: Gateway.GetMethodCommandInput) {
    return apis.methodAt(
      apis.at(restApiId),
      resourceId,
      httpMethod,
    ) satisfies Answer<Gateway.GetMethodCommandOutput>;
  },

  UpdateMethod({ restApiId, resourceId, httpMethod, patchOperations }: Gateway.UpdateMethodCommandInput) {
    const api = apis.at(restApiId);
    const before = apis.methodAt(api, resourceId, httpMethod);
    const method = checked(
      api,
      patched(before, patchOperations, {
        '/authorizationType': 'text',
        '/authorizerId': 'text',
        '/apiKeyRequired': 'flag',
        '/operationName': 'text',
        '/requestValidatorId': 'text',
        '/requestParameters/{}': 'flag',
        '/requestModels/{}': 'text',
      }),
    );
    apis.resourceAt(api, resourceId).resourceMethods[httpMethod!] = method;
    return method satisfies Answer<Gateway.UpdateMethodCommandOutput>;
  },

  DeleteMethod({ restApiId, resourceId, httpMethod }: Gateway.DeleteMethodCommandInput) {
    const api = apis.at(restApiId);
    apis.methodAt(api, resourceId, httpMethod);
    delete apis.resourceAt(api, resourceId).resourceMethods[httpMethod!];
    return {} satisfies Answer<Gateway.DeleteMethodCommandOutput>;
  },
});

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

function checked(api: Api, method: Method): Method {
  const { authorizationType, requestValidatorId, requestModels = {}, requestParameters = {} } = method;
  if (authorizationType === 'COGNITO_USER_POOLS')
    throw notModelled('the authorization type COGNITO_USER_POOLS of methods');
  if (authorizationType !== 'CUSTOM') delete method.authorizerId;
  else if (!api.authorizers.has(method.authorizerId ?? ''))
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  if (authorizationType !== 'NONE' && authorizationType !== 'AWS_IAM' && authorizationType !== 'CUSTOM')
    throw badRequest(
      'Invalid Authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS',
    );
  if (requestValidatorId && !api.validators.has(requestValidatorId))
    throw badRequest('Invalid Request Validator identifier specified');
  if (requestValidatorId === '') delete method.requestValidatorId;
  for (const name of Object.values(requestModels))
    if (!api.models.has(name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  checkParameters(Object.keys(requestParameters));
  return method;
}

function checkParameters(names: string[]): void {
  const bare = names.map(
    (name) =>
      /^method\.request\.(?:header|querystring|path|multivalueheader|multivaluequerystring)\.(.+)$/.exec(
        name,
      )?.[1],
  );
  if (bare.includes(undefined))
    throw badRequest(
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ' +
        names[bare.indexOf(undefined)] +
        ']',
    );
  if (new Set(bare).size < bare.length)
    throw badRequest('Parameter names must be unique across querystring, header and path');
}
