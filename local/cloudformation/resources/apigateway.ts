/** What a REST API is made of. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { ifThere } from '../gone.ts';
import { mapOfTags } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { camelCased, changes, escaped, patch, putAll, retagAt } from '../api-gateway.ts';
import { textOf, type Dictionary } from '../values.ts';

interface RestApi extends Dictionary {
  Name?: string;
  BinaryMediaTypes?: string[];
  EndpointConfiguration?: { Types?: string[]; IpAddressType?: string; VpcEndpointIds?: string[] };
  Policy?: Dictionary;
  Tags?: Tag[];
}

interface OfApi extends Dictionary {
  RestApiId: string;
}

interface Method extends OfApi {
  ResourceId: string;
  HttpMethod: string;
  Integration?: Dictionary & { IntegrationResponses?: (Dictionary & { StatusCode: string })[] };
  MethodResponses?: (Dictionary & { StatusCode: string })[];
}

interface Model extends OfApi {
  Name?: string;
  Schema?: Dictionary | string;
}

export default {
  'AWS::ApiGateway::RestApi': {
    async create(properties: RestApi, site) {
      refuseUnmodelled(properties);
      const { Policy, Tags, ApiKeySourceType, EndpointConfiguration, ...given } = properties;
      const { id, rootResourceId } = await site.call<{ id: string; rootResourceId: string }>(
        'apigateway',
        'CreateRestApi',
        {
          ...camelCased(given),
          name: given.Name ?? site.name(undefined, { longest: 128 }),
          ...(ApiKeySourceType !== undefined && { apiKeySource: ApiKeySourceType }),
          ...(EndpointConfiguration && { endpointConfiguration: camelCased(EndpointConfiguration) }),
          ...(Policy && { policy: textOf(Policy) }),
          tags: mapOfTags(site.tags(Tags)),
        },
      );
      return { id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
    },

    async update(before, properties: RestApi, site, previous: RestApi) {
      refuseUnmodelled(properties);
      const named = { Name: properties.Name ?? previous.Name };
      await site.call('apigateway', 'UpdateRestApi', {
        restApiId: before.id,
        patchOperations: changes(
          settingsOf({ ...previous, ...named }),
          settingsOf({ ...properties, ...named }),
        ),
      });
      await retagAt(`/restapis/${before.id}`, properties.Tags, previous.Tags, site);
      return before;
    },

    async delete({ id: restApiId }, site) {
      await site.call('apigateway', 'DeleteRestApi', { restApiId });
    },
  },

  'AWS::ApiGateway::Resource': {
    async create({ RestApiId, ParentId, PathPart }: OfApi, site) {
      const { id } = await site.call<{ id: string }>('apigateway', 'CreateResource', {
        restApiId: RestApiId,
        parentId: ParentId,
        pathPart: PathPart,
      });
      return { id, attributes: { ResourceId: id } };
    },

    async delete({ id: resourceId }, site, { RestApiId: restApiId }: OfApi) {
      await site.call('apigateway', 'DeleteResource', { restApiId, resourceId });
    },
  },

  'AWS::ApiGateway::Method': {
    async create(properties: Method, site) {
      const id = site.name(undefined, { longest: 64 });
      site.made({ id });
      await putMethod(properties, site);
      return { id };
    },

    async update(before, properties: Method, site, previous: Method) {
      // An update that failed may have taken the method away and not put the new one in its place.
      await ifThere(site.call('apigateway', 'DeleteMethod', methodOf(previous)));
      await putMethod(properties, site);
      return before;
    },

    async delete(_resource, site, properties: Method) {
      await site.call('apigateway', 'DeleteMethod', methodOf(properties));
    },
  },

  'AWS::ApiGateway::Model': {
    name: 'Name',

    async create({ Name, Schema, ...properties }: Model, site) {
      const name = Name ?? site.name(undefined, { longest: 128 }).replaceAll('-', '');
      await site.call('apigateway', 'CreateModel', {
        ...camelCased(properties),
        name,
        ...(Schema !== undefined && { schema: textOf(Schema) }),
      });
      return { id: name };
    },

    async update(before, properties: Model, site, previous: Model) {
      await site.call('apigateway', 'UpdateModel', {
        restApiId: properties.RestApiId,
        modelName: before.id,
        patchOperations: changes(
          { '/description': previous['Description'], '/schema': previous.Schema && textOf(previous.Schema) },
          {
            '/description': properties['Description'],
            '/schema': properties.Schema && textOf(properties.Schema),
          },
        ),
      });
      return before;
    },

    async delete({ id: modelName }, site, { RestApiId: restApiId }: Model) {
      await site.call('apigateway', 'DeleteModel', { restApiId, modelName });
    },
  },

  'AWS::ApiGateway::RequestValidator': {
    async create(properties: OfApi, site) {
      const { id } = await site.call<{ id: string }>(
        'apigateway',
        'CreateRequestValidator',
        camelCased(properties),
      );
      return { id, attributes: { RequestValidatorId: id } };
    },

    async update(before, { RestApiId, ...properties }: OfApi, site) {
      await site.call('apigateway', 'UpdateRequestValidator', {
        restApiId: RestApiId,
        requestValidatorId: before.id,
        patchOperations: ['ValidateRequestBody', 'ValidateRequestParameters'].map((name) =>
          patch('replace', `/${name[0]!.toLowerCase()}${name.slice(1)}`, properties[name] ?? false),
        ),
      });
      return before;
    },

    async delete({ id: requestValidatorId }, site, { RestApiId: restApiId }: OfApi) {
      await site.call('apigateway', 'DeleteRequestValidator', { restApiId, requestValidatorId });
    },
  },

  'AWS::ApiGateway::GatewayResponse': {
    async create(properties: OfApi, site) {
      await site.call('apigateway', 'PutGatewayResponse', camelCased(properties));
      const Id = site.name(undefined, { longest: 64 });
      return { id: Id, attributes: { Id } };
    },

    async update(before, properties: OfApi, site) {
      await site.call('apigateway', 'PutGatewayResponse', camelCased(properties));
      return before;
    },

    async delete(_resource, site, { RestApiId: restApiId, ResponseType: responseType }: OfApi) {
      await site.call('apigateway', 'DeleteGatewayResponse', { restApiId, responseType });
    },
  },
} satisfies ResourceTypes;

const NOT_MODELLED = [
  'Body',
  'BodyS3Location',
  'CloneFrom',
  'Parameters',
  'Mode',
  'FailOnWarnings',
  'SecurityPolicy',
  'EndpointAccessMode',
];

function refuseUnmodelled(properties: RestApi): void {
  const found = NOT_MODELLED.find((name) => properties[name] !== undefined);
  if (found !== undefined) throw notModelled(`${found} of a REST API`);
}

/** Patch paths and their values. */
const settingsOf = (properties: RestApi): Dictionary => ({
  '/name': properties.Name,
  '/description': properties['Description'],
  '/version': properties['Version'],
  '/policy': properties.Policy && textOf(properties.Policy),
  '/minimumCompressionSize': properties['MinimumCompressionSize'],
  '/disableExecuteApiEndpoint': properties['DisableExecuteApiEndpoint'] ?? false,
  '/apiKeySource': properties['ApiKeySourceType'] ?? 'HEADER',
  ...Object.fromEntries(
    (properties.BinaryMediaTypes ?? []).map((type) => [`/binaryMediaTypes/${escaped(type)}`, type]),
  ),
  ...Object.fromEntries(
    (properties.EndpointConfiguration?.Types ?? []).map((type) => [
      `/endpointConfiguration/types/${type}`,
      type,
    ]),
  ),
});

const methodOf = ({ RestApiId, ResourceId, HttpMethod }: Method) => ({
  restApiId: RestApiId,
  resourceId: ResourceId,
  httpMethod: HttpMethod,
});

async function putMethod(
  { Integration, MethodResponses = [], ...properties }: Method,
  site: Site,
): Promise<void> {
  const named = methodOf(properties);
  await site.call('apigateway', 'PutMethod', { authorizationType: 'NONE', ...camelCased(properties) });
  await putAll('PutMethodResponse', named, MethodResponses, site);
  if (!Integration) return;
  const { IntegrationResponses = [], IntegrationHttpMethod, ...integration } = Integration;
  await site.call('apigateway', 'PutIntegration', {
    ...camelCased(integration),
    ...(IntegrationHttpMethod !== undefined && { integrationHttpMethod: IntegrationHttpMethod }),
    ...named,
  });
  await putAll('PutIntegrationResponse', named, IntegrationResponses, site);
}
