/** CreateRestApi, GetRestApi, GetRestApis, UpdateRestApi and DeleteRestApi. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Api, Apis } from './api.ts';
import { badRequest } from './errors.ts';
import { firstModels } from './models.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

export const managingApis = (apis: Apis) => ({
  CreateRestApi(input: Gateway.CreateRestApiCommandInput) {
    const { name = '', cloneFrom, tags, ...given } = input;
    if (cloneFrom !== undefined) throw notModelled('cloneFrom of CreateRestApi');
    if (name === '') throw badRequest('Name cannot be empty');
    const id = apis.newId(10);
    const rootResourceId = apis.newId(10);
    const settings = checked({
      ...given,
      id,
      name,
      createdDate: new Date(apis.world.clock.now()),
      apiKeySource: given.apiKeySource ?? 'HEADER',
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4', ...given.endpointConfiguration },
      disableExecuteApiEndpoint: given.disableExecuteApiEndpoint ?? false,
      rootResourceId,
      ...(tags && { tags }),
    });
    const api = emptyApi(settings, apis);
    apis.all.set(id, api);
    return shown(api) satisfies Answer<Gateway.CreateRestApiCommandOutput>;
  },

  GetRestApi({ restApiId }: Gateway.GetRestApiCommandInput) {
    return shown(apis.at(restApiId)) satisfies Answer<Gateway.GetRestApiCommandOutput>;
  },

  GetRestApis(input: Gateway.GetRestApisCommandInput) {
    const { items, position } = paged([...apis.all.values()].map(shown), input);
    return { items, position } satisfies Answer<Gateway.GetRestApisCommandOutput>;
  },

  UpdateRestApi({ restApiId, patchOperations }: Gateway.UpdateRestApiCommandInput) {
    const api = apis.at(restApiId);
    api.settings = checked(
      patched(api.settings, patchOperations, {
        '/name': 'text',
        '/description': 'text',
        '/version': 'text',
        '/policy': 'text',
        '/apiKeySource': 'text',
        '/minimumCompressionSize': 'number',
        '/disableExecuteApiEndpoint': 'flag',
        '/binaryMediaTypes/{}': 'item',
        '/endpointConfiguration/types/{}': 'item',
        '/endpointConfiguration/ipAddressType': 'text',
      }),
    );
    return shown(api) satisfies Answer<Gateway.UpdateRestApiCommandOutput>;
  },

  DeleteRestApi({ restApiId }: Gateway.DeleteRestApiCommandInput) {
    apis.all.delete(apis.at(restApiId).id);
    return {} satisfies Answer<Gateway.DeleteRestApiCommandOutput>;
  },
});

const emptyApi = (settings: Api['settings'], apis: Apis): Api => ({
  id: settings.id,
  settings,
  resources: new Map([
    [settings.rootResourceId, { id: settings.rootResourceId, path: '/', resourceMethods: {} }],
  ]),
  models: firstModels(apis),
  validators: new Map(),
  authorizers: new Map(),
  responses: new Map(),
  deployments: new Map(),
  stages: new Map(),
});

/** The policy is answered with its quotes escaped, as AWS does. */
const shown = ({ settings }: Api): Gateway.RestApi => ({
  ...settings,
  ...(settings.policy && { policy: settings.policy.replaceAll('"', String.raw`\"`) }),
});

function checked(settings: Api['settings']): Api['settings'] {
  const { name, endpointConfiguration, policy } = settings;
  if (name === '') throw badRequest('Name cannot be empty');
  const types = endpointConfiguration?.types ?? [];
  const unknown = types.find((type) => !['EDGE', 'REGIONAL', 'PRIVATE'].includes(type));
  if (unknown !== undefined)
    throw badRequest('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  if (types.includes('PRIVATE')) throw notModelled('private REST APIs');
  if (settings.minimumCompressionSize !== undefined) throw notModelled('compression by REST APIs');
  if (policy !== undefined && policy !== '') checkPolicy(policy);
  if (policy === '') delete settings.policy;
  return settings;
}

function checkPolicy(policy: string): void {
  try {
    JSON.parse(policy);
  } catch {
    throw badRequest(
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    );
  }
}
