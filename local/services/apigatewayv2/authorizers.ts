/** Authorizers: what routes ask whether a request may pass. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import type { Answer } from '../../service.ts';
import { exchanging, isEndpoint, type Exchange } from '../../wire/outgoing.ts';
import { badRequest, conflict } from '../apigateway/errors.ts';
import type { Api, Apis, Authorizer } from './api.ts';
import { discoveryUrl, keysAddress, LONGEST_MS } from './execute/discovery.ts';
import type { AuthorizerVerdicts } from './execute/lambda-authorizer.ts';
import { defined, refuseGiven } from './given.ts';
import { listed } from './page.ts';

export function managingAuthorizers(apis: Apis, verdicts: AuthorizerVerdicts) {
  const exchange = exchanging(apis.world, LONGEST_MS);
  const put = async (api: Api, authorizer: Authorizer): Promise<Authorizer> => {
    check(api, authorizer);
    if (authorizer.AuthorizerType === 'JWT') await checkToken(authorizer, exchange);
    api.authorizers.set(authorizer.AuthorizerId, authorizer);
    apis.changed(api);
    return authorizer;
  };
  return {
    async CreateAuthorizer({ ApiId, Name = '', ...given }: Gateway.CreateAuthorizerCommandInput) {
      const AuthorizerId = apis.newId(6);
      return (await put(apis.at(ApiId), {
        ...defined(given),
        AuthorizerId,
        Name,
      })) satisfies Answer<Gateway.CreateAuthorizerCommandOutput>;
    },

    GetAuthorizer({ ApiId, AuthorizerId }: Gateway.GetAuthorizerCommandInput) {
      return apis.authorizerAt(
        apis.at(ApiId),
        AuthorizerId,
      ) satisfies Answer<Gateway.GetAuthorizerCommandOutput>;
    },

    GetAuthorizers(input: Gateway.GetAuthorizersCommandInput) {
      return listed(
        apis.at(input.ApiId).authorizers.values(),
        input,
      ) satisfies Answer<Gateway.GetAuthorizersCommandOutput>;
    },

    async UpdateAuthorizer({ ApiId, AuthorizerId, ...given }: Gateway.UpdateAuthorizerCommandInput) {
      const api = apis.at(ApiId);
      return (await put(api, {
        ...apis.authorizerAt(api, AuthorizerId),
        ...defined(given),
      })) satisfies Answer<Gateway.UpdateAuthorizerCommandOutput>;
    },

    DeleteAuthorizer({ ApiId, AuthorizerId }: Gateway.DeleteAuthorizerCommandInput) {
      const api = apis.at(ApiId);
      const { AuthorizerId: id, Name } = apis.authorizerAt(api, AuthorizerId);
      const route = [...api.routes.values()].find((one) => one.AuthorizerId === id);
      if (route)
        throw conflict(`Cannot delete authorizer '${Name}', is referenced in route: ${route.RouteKey}`);
      api.authorizers.delete(id);
      apis.changed(api);
      return {} satisfies Answer<Gateway.DeleteAuthorizerCommandOutput>;
    },

    ResetAuthorizersCache({ ApiId, StageName }: Gateway.ResetAuthorizersCacheCommandInput) {
      const api = apis.at(ApiId);
      const stage = apis.stageAt(api, StageName);
      const served = api.deployments.get(stage.DeploymentId ?? '')?.frozen;
      for (const authorizer of served?.authorizers.values() ?? [])
        verdicts.forget(authorizer, stage.StageName);
      return {} satisfies Answer<Gateway.ResetAuthorizersCacheCommandOutput>;
    },
  };
}

/** Texts as recorded against AWS (issues of Terraform's provider) where they name a member or another authorizer. */
function check(api: Api, authorizer: Authorizer): void {
  const { Name, AuthorizerId, AuthorizerType } = authorizer;
  refuseGiven(authorizer, ['IdentityValidationExpression'], 'an authorizer of an HTTP API');
  if (Name === '') throw badRequest('Name cannot be empty');
  if ([...api.authorizers.values()].some((one) => one.Name === Name && one.AuthorizerId !== AuthorizerId))
    throw badRequest(`Authorizer name must be unique. Authorizer ${Name} already exists in this RestApi.`);
  if (AuthorizerType === 'REQUEST') checkFunction(authorizer);
  else if (AuthorizerType !== 'JWT') throw badRequest(`Invalid authorizer type ${AuthorizerType}`);
}

const SOURCE = /^\$(request\.(header|querystring)|context|stageVariables)\.\S+$/;

function checkFunction(authorizer: Authorizer): void {
  const {
    AuthorizerPayloadFormatVersion: version,
    AuthorizerResultTtlInSeconds: ttl = 0,
    IdentitySource = [],
    EnableSimpleResponses,
  } = authorizer;
  refuseGiven(authorizer, ['JwtConfiguration'], 'a REQUEST authorizer');
  if (version === undefined)
    throw badRequest('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer');
  if (version !== '1.0' && version !== '2.0')
    throw badRequest(`AuthorizerPayloadFormatVersion ${version} is not supported`);
  if (version === '1.0' && EnableSimpleResponses)
    throw badRequest('Simple responses are only supported with the payload format version 2.0');
  if (authorizer.AuthorizerUri === undefined)
    throw badRequest('AuthorizerUri is a required parameter for REQUEST authorizer');
  if (ttl < 0 || ttl > 3600) throw badRequest('Authorizer result TTL should be between 0 and 3600 seconds');
  if (ttl > 0 && IdentitySource.length === 0)
    throw badRequest('Identity source must be set if authorizer caching is enabled (TTL is greater than 0)');
  const wrong = IdentitySource.find((source) => !SOURCE.test(source));
  if (wrong !== undefined) throw badRequest(`Invalid identity source: ${wrong}`);
}

/** AWS reads the issuer's discovery document before it takes an authorizer. */
async function checkToken(authorizer: Authorizer, exchange: Exchange): Promise<void> {
  refuseGiven(
    authorizer,
    [
      'AuthorizerCredentialsArn',
      'AuthorizerPayloadFormatVersion',
      'AuthorizerResultTtlInSeconds',
      'AuthorizerUri',
      'EnableSimpleResponses',
    ],
    'a JWT authorizer',
  );
  const { IdentitySource: [source = '', ...more] = [], JwtConfiguration = {} } = authorizer;
  const { Issuer = '', Audience = [] } = JwtConfiguration;
  if (more.length > 0 || !/^\$request\.(header|querystring)\.\S+$/.test(source))
    throw badRequest('A JWT authorizer needs one identity source: a header or a query string parameter');
  if (Audience.length === 0) throw badRequest('Audience is a required parameter for JWT authorizer');
  const reachable = isEndpoint(Issuer) && (await keysAddress(exchange, Issuer)) !== undefined;
  if (!reachable)
    throw badRequest(
      `Caught exception when connecting to ${discoveryUrl(Issuer)} for issuer ${Issuer}. Please try again later. Error: Invalid issuer: ${Issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
}
