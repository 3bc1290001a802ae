/** Routes: which requests go to which integration. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import { notModelled } from '../../errors.ts';
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

function put(apis: Apis, api: Api, route: Route): Route {
  check(api, route);
  api.routes.set(route.RouteId, route);
  apis.changed(api);
  return route;
}

const KEY = /^(\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*)$/;

function check(api: Api, route: Route): void {
  const { RouteKey, RouteId, AuthorizationType, Target } = route;
  refuseGiven(
    route,
    [
      'ApiKeyRequired',
      'AuthorizationScopes',
      'AuthorizerId',
      'ModelSelectionExpression',
      'RequestModels',
      'RequestParameters',
      'RouteResponseSelectionExpression',
    ],
    'a route of an HTTP API',
  );
  if (AuthorizationType !== 'NONE') throw notModelled(`authorization ${AuthorizationType} of HTTP APIs`);
  if (!KEY.test(RouteKey))
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  if ([...api.routes.values()].some((other) => other.RouteKey === RouteKey && other.RouteId !== RouteId))
    throw conflict(`Route with key ${RouteKey} already exists for this API`);
  const integration = Target?.replace(/^integrations\//, '');
  if (integration !== undefined && !api.integrations.has(integration))
    throw notFound(`Invalid Integration identifier specified`);
}
