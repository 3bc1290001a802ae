/** Authorizers: functions that methods ask whether a request may pass. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { found, type Api, type Apis, type Authorizer } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { sourcesOf, type AuthorizerVerdicts } from './execute/lambda-authorizer.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

export const managingAuthorizers = (apis: Apis, verdicts: AuthorizerVerdicts) => ({
  CreateAuthorizer({ restApiId, name = '', ...given }: Gateway.CreateAuthorizerCommandInput) {
    const authorizer: Authorizer = { authType: 'custom', ...given, id: apis.newId(6), name };
    check(authorizer);
    const api = apis.all.get(restApiId ?? '');
    // Recorded against AWS, which looks at the function's address first.
    if (!api)
      throw conflict('Unable to complete operation due to concurrent modification. Please try again later.');
    return put(api, authorizer) satisfies Answer<Gateway.CreateAuthorizerCommandOutput>;
  },

  GetAuthorizer({ restApiId, authorizerId }: Gateway.GetAuthorizerCommandInput) {
    return authorizerAt(
      apis.at(restApiId),
      authorizerId,
    ) satisfies Answer<Gateway.GetAuthorizerCommandOutput>;
  },

  GetAuthorizers(input: Gateway.GetAuthorizersCommandInput) {
    return paged(
      apis.at(input.restApiId).authorizers.values(),
      input,
    ) satisfies Answer<Gateway.GetAuthorizersCommandOutput>;
  },

  UpdateAuthorizer({ restApiId, authorizerId, patchOperations }: Gateway.UpdateAuthorizerCommandInput) {
    const api = apis.at(restApiId);
    const authorizer = patched(authorizerAt(api, authorizerId), patchOperations, {
      '/name': 'text',
      '/type': 'text',
      '/authType': 'text',
      '/authorizerUri': 'text',
      '/authorizerCredentials': 'text',
      '/identitySource': 'text',
      '/identityValidationExpression': 'text',
      '/authorizerResultTtlInSeconds': 'number',
      '/providerARNs/{}': 'item',
    });
    check(authorizer);
    return put(api, authorizer) satisfies Answer<Gateway.UpdateAuthorizerCommandOutput>;
  },

  DeleteAuthorizer({ restApiId, authorizerId }: Gateway.DeleteAuthorizerCommandInput) {
    const api = apis.at(restApiId);
    const { id, name } = authorizerAt(api, authorizerId);
    for (const { path, resourceMethods } of api.resources.values())
      for (const method of Object.values(resourceMethods))
        if (method.authorizerId === id)
          throw conflict(
            `Cannot delete authorizer '${name}', is referenced in method: ${method.httpMethod}/${path}`,
          );
    api.authorizers.delete(id);
    return {} satisfies Answer<Gateway.DeleteAuthorizerCommandOutput>;
  },

  FlushStageAuthorizersCache({ restApiId, stageName }: Gateway.FlushStageAuthorizersCacheCommandInput) {
    const api = apis.at(restApiId);
    const stage = apis.stageAt(api, stageName);
    for (const authorizer of apis.deploymentAt(api, stage.deploymentId).frozen.authorizers.values())
      verdicts.forget(authorizer, stage.stageName);
    return {} satisfies Answer<Gateway.FlushStageAuthorizersCacheCommandOutput>;
  },
});

const authorizerAt = (api: Api, id = '') =>
  found(api.authorizers.get(id), 'Invalid Authorizer identifier specified');

function put(api: Api, authorizer: Authorizer): Authorizer {
  const { id, name } = authorizer;
  if ([...api.authorizers.values()].some((one) => one.name === name && one.id !== id))
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  api.authorizers.set(id, authorizer);
  return authorizer;
}

/** Stage variables may stand for the function. */
const URI = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/.+\/invocations$/;
const SOURCE = /^(method\.request\.(header|querystring)|context|stageVariables)\.\S+$/;

function check(authorizer: Authorizer): void {
  const { name, type, authorizerUri = '', identityValidationExpression: pattern } = authorizer;
  if (name === '') throw badRequest('Name cannot be empty');
  if (type === 'COGNITO_USER_POOLS') throw notModelled('authorizers of type COGNITO_USER_POOLS');
  if (type !== 'TOKEN' && type !== 'REQUEST') throw badRequest(`Invalid authorizer type ${type}`);
  if (!URI.test(authorizerUri))
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  if (authorizer.authorizerCredentials?.includes(':user/'))
    throw notModelled("authorizers with the caller's own credentials");
  if (authorizer.providerARNs?.length)
    throw badRequest(`providerARNs are not for authorizers of type ${type}`);
  checkSources(authorizer);
  if (pattern !== undefined) checkPattern(pattern);
}

function checkSources(authorizer: Authorizer): void {
  const { type, authorizerResultTtlInSeconds: seconds = 300 } = authorizer;
  const sources = sourcesOf(authorizer);
  if (seconds < 0 || seconds > 3600)
    throw badRequest('Authorizer result TTL should be between 0 and 3600 seconds');
  const wrong = sources.find((source) => !SOURCE.test(source));
  if (wrong !== undefined) throw badRequest(`Invalid identity source: ${wrong}`);
  if (type === 'TOKEN' && !(sources.length === 1 && sources[0]!.startsWith('method.request.header.')))
    throw badRequest('A TOKEN authorizer needs one identity source: a header');
  if (seconds > 0 && sources.length === 0)
    throw badRequest('Identity source must be set if authorizer caching is enabled (TTL is greater than 0)');
}

function checkPattern(pattern: string): void {
  try {
    void new RegExp(pattern);
  } catch {
    throw badRequest(`Invalid identity validation expression: ${pattern}`);
  }
}
