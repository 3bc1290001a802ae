/** Routes: which requests go to which integration. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import type { Answer } from '../../service.ts';
import { badRequest, conflict, notFound } from '../apigateway/errors.ts';
import type { Api, Apis, Route } from './api.ts';
import { defined, refuseGiven } from './given.ts';
import { listed } from './page.ts';

export const managingRoutes = (apis: Apis) => ({
  CreateRoute({ ApiId, ...given }: Gateway.CreateRouteCommandInput) {
    const api = apis.at(ApiId);
    return put(apis, api, {
      ...defined(given),
      RouteId: apis.newId(7),
      RouteKey: given.RouteKey ?? '',
      ApiKeyRequired: false,
      AuthorizationType: given.AuthorizationType ?? 'NONE',
    }) satisfies Answer<Gateway.CreateRouteCommandOutput>;
  },

  GetRoute({ ApiId, RouteId }: Gateway.GetRouteCommandInput) {
    return apis.routeAt(apis.at(ApiId), RouteId) satisfies Answer<Gateway.GetRouteCommandOutput>;
  },

  GetRoutes(input: Gateway.GetRoutesCommandInput) {
    return listed(
      apis.at(input.ApiId).routes.values(),
      input,
    ) satisfies Answer<Gateway.GetRoutesCommandOutput>;
  },

  UpdateRoute({ ApiId, RouteId, ...given }: Gateway.UpdateRouteCommandInput) {
    const api = apis.at(ApiId);
    if (given.AuthorizerId !== undefined && given.AuthorizationType === undefined)
      throw badRequest('Unable to update route. Authorizer type is invalid or null.');
    return put(apis, api, {
      ...apis.routeAt(api, RouteId),
      ...defined(given),
    }) satisfies Answer<Gateway.UpdateRouteCommandOutput>;
  },

  DeleteRoute({ ApiId, RouteId }: Gateway.DeleteRouteCommandInput) {
    const api = apis.at(ApiId);
    api.routes.delete(apis.routeAt(api, RouteId).RouteId);
    apis.changed(api);
    return {} satisfies Answer<Gateway.DeleteRouteCommandOutput>;
  },
});

function put(apis: Apis, api: Api, given: Route): Route {
  const route = withoutUnused(given);
  check(api, route);
  api.routes.set(route.RouteId, route);
  apis.changed(api);
  return route;
}

/** A route that no longer asks an authorizer has none. */
function withoutUnused(route: Route): Route {
  if (route.AuthorizationType === 'JWT' || route.AuthorizationType === 'CUSTOM') return route;
  const { AuthorizerId: _id, AuthorizationScopes: _scopes, ...rest } = route;
  return rest;
}

const KEY = /^(\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*)$/;

function check(api: Api, route: Route): void {
  const { RouteKey, RouteId, Target } = route;
  refuseGiven(
    route,
    [
      'ApiKeyRequired',
      'ModelSelectionExpression',
      'RequestModels',
      'RequestParameters',
      'RouteResponseSelectionExpression',
    ],
    'a route of an HTTP API',
  );
  if (!KEY.test(RouteKey))
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  if ([...api.routes.values()].some((other) => other.RouteKey === RouteKey && other.RouteId !== RouteId))
    throw conflict(`Route with key ${RouteKey} already exists for this API`);
  const integration = Target?.replace(/^integrations\//, '');
  if (integration !== undefined && !api.integrations.has(integration))
    throw notFound(`Invalid Integration identifier specified`);
  checkAuthorization(api, route);
}

/** Texts as recorded against AWS (issues of Terraform's provider and of SST). */
function checkAuthorization(
  api: Api,
  { AuthorizationType, AuthorizerId = '', AuthorizationScopes }: Route,
): void {
  const type = api.authorizers.get(AuthorizerId)?.AuthorizerType;
  if (AuthorizationType === 'JWT' && type !== 'JWT')
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.',
    );
  if (AuthorizationType === 'CUSTOM' && type !== 'REQUEST')
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  if (AuthorizationType === 'CUSTOM' && AuthorizationScopes?.length)
    throw badRequest('Authorization scopes are only supported by JWT authorizers.');
}
