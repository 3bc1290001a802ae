/** CreateApi, GetApi, GetApis, UpdateApi, DeleteApi and DeleteCorsConfiguration. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { badRequest } from '../apigateway/errors.ts';
import type { Api, Apis } from './api.ts';
import { defined, refuseGiven } from './given.ts';
import { listed } from './page.ts';

export const managingApis = (apis: Apis) => ({
  CreateApi(input: Gateway.CreateApiCommandInput) {
    if (input.ProtocolType !== 'HTTP') throw notModelled(`APIs of the protocol ${input.ProtocolType}`);
    const { CorsConfiguration, Name = '', Tags = {}, ...given } = input;
    check(input);
    const ApiId = apis.newId(10);
    const { region, clock } = apis.world;
    const api: Api = {
      settings: {
        ...defined(given),
        ApiId,
        Name,
        ProtocolType: 'HTTP',
        ApiEndpoint: `https://${ApiId}.execute-api.${region}.amazonaws.com`,
        ApiKeySelectionExpression: '$request.header.x-api-key',
        RouteSelectionExpression: SELECTION,
        CreatedDate: new Date(clock.now()),
        DisableExecuteApiEndpoint: given.DisableExecuteApiEndpoint ?? false,
        IpAddressType: given.IpAddressType ?? 'ipv4',
        Tags,
      },
      cors: CorsConfiguration,
      routes: new Map(),
      integrations: new Map(),
      authorizers: new Map(),
      deployments: new Map(),
      stages: new Map(),
    };
    apis.all.set(ApiId, api);
    return shown(api) satisfies Answer<Gateway.CreateApiCommandOutput>;
  },

  GetApi({ ApiId }: Gateway.GetApiCommandInput) {
    return shown(apis.at(ApiId)) satisfies Answer<Gateway.GetApiCommandOutput>;
  },

  GetApis(input: Gateway.GetApisCommandInput) {
    return listed([...apis.all.values()].map(shown), input) satisfies Answer<Gateway.GetApisCommandOutput>;
  },

  UpdateApi({ ApiId, CorsConfiguration, ...given }: Gateway.UpdateApiCommandInput) {
    const api = apis.at(ApiId);
    check({ CorsConfiguration, Name: api.settings.Name, ...defined(given) });
    Object.assign(api.settings, defined(given));
    if (CorsConfiguration) setCors(apis, api, CorsConfiguration);
    return shown(api) satisfies Answer<Gateway.UpdateApiCommandOutput>;
  },

  DeleteApi({ ApiId }: Gateway.DeleteApiCommandInput) {
    apis.all.delete(apis.at(ApiId).settings.ApiId);
    return {} satisfies Answer<Gateway.DeleteApiCommandOutput>;
  },

  DeleteCorsConfiguration({ ApiId }: Gateway.DeleteCorsConfigurationCommandInput) {
    setCors(apis, apis.at(ApiId), undefined);
    return {} satisfies Answer<Gateway.DeleteCorsConfigurationCommandOutput>;
  },
});

const SELECTION = '$request.method $request.path';

const shown = ({ settings, cors }: Api): Gateway.Api => ({
  ...settings,
  ...(cors && { CorsConfiguration: cors }),
});

function setCors(apis: Apis, api: Api, cors: Gateway.Cors | undefined): void {
  api.cors = cors;
  apis.changed(api);
}

function check(input: Partial<Gateway.CreateApiRequest>): void {
  const { Name = '', CorsConfiguration: cors, RouteSelectionExpression = SELECTION } = input;
  refuseGiven(input, ['Target', 'RouteKey', 'CredentialsArn'], 'an HTTP API');
  if (Name === '') throw badRequest('Name cannot be empty');
  if (RouteSelectionExpression !== SELECTION)
    throw badRequest(`Route selection expression must be ${SELECTION} for HTTP protocol`);
  if (cors?.AllowCredentials && cors.AllowOrigins?.includes('*'))
    throw badRequest('allow-credentials is not supported for wildcard origin');
}
