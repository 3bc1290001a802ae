/** Who may call REST APIs, and how often: authorizers, keys and usage plans. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import { camelCased, changes, escaped, patch, retagAt } from '../api-gateway.ts';
import type { ResourceTypes } from '../resource-types.ts';
import { mapOfTags } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface ApiKey extends Dictionary {
  StageKeys?: Dictionary[];
  Tags?: Tag[];
}

interface Authorizer extends Dictionary {
  RestApiId: string;
}

interface UsagePlan extends Dictionary {
  UsagePlanName?: string;
  ApiStages?: { ApiId?: string; Stage?: string; Throttle?: Record<string, Dictionary> }[];
  Quota?: Dictionary;
  Throttle?: Dictionary;
  Tags?: Tag[];
}

export default {
  'AWS::ApiGateway::Authorizer': {
    async create(properties: Authorizer, site) {
      const { id } = await site.call<{ id: string }>(
        'apigateway',
        'CreateAuthorizer',
        camelCased(properties),
      );
      return { id, attributes: { AuthorizerId: id } };
    },

    async update(before, { RestApiId: restApiId, ...properties }: Authorizer, site, previous: Authorizer) {
      const { RestApiId: _same, ...old } = previous;
      await site.call('apigateway', 'UpdateAuthorizer', {
        restApiId,
        authorizerId: before.id,
        patchOperations: changes(prefixed('/', old), prefixed('/', properties)),
      });
      return before;
    },

    async delete({ id: authorizerId }, site, { RestApiId: restApiId }: Authorizer) {
      await site.call('apigateway', 'DeleteAuthorizer', { restApiId, authorizerId });
    },
  },

  'AWS::ApiGateway::ApiKey': {
    name: 'Name',

    async create({ StageKeys = [], Tags, ...properties }: ApiKey, site) {
      const { id } = await site.call<{ id: string }>('apigateway', 'CreateApiKey', {
        name: site.name(undefined, { longest: 128 }),
        ...camelCased(properties),
        stageKeys: StageKeys.map(camelCased),
        tags: mapOfTags(site.tags(Tags)),
      });
      return { id, attributes: { APIKeyId: id } };
    },

    async update(before, properties: ApiKey, site, previous: ApiKey) {
      const of = (key: ApiKey) => ({
        '/description': key['Description'],
        '/customerId': key['CustomerId'],
        '/enabled': key['Enabled'] ?? false,
      });
      await site.call('apigateway', 'UpdateApiKey', {
        apiKey: before.id,
        patchOperations: changes(of(previous), of(properties)),
      });
      await retagAt(`/apikeys/${before.id}`, properties.Tags, previous.Tags, site);
      return before;
    },

    async delete({ id: apiKey }, site) {
      await site.call('apigateway', 'DeleteApiKey', { apiKey });
    },
  },

  'AWS::ApiGateway::UsagePlan': {
    async create({ UsagePlanName, ApiStages = [], Quota, Throttle, Tags, Description }: UsagePlan, site) {
      const { id } = await site.call<{ id: string }>('apigateway', 'CreateUsagePlan', {
        name: UsagePlanName ?? site.name(undefined, { longest: 128 }),
        ...(Description !== undefined && { description: Description }),
        apiStages: ApiStages.map(({ ApiId, Stage, Throttle: methods }) => ({
          apiId: ApiId,
          stage: Stage,
          ...(methods && {
            throttle: Object.fromEntries(
              Object.entries(methods).map(([method, limits]) => [method, camelCased(limits)]),
            ),
          }),
        })),
        ...(Quota && { quota: camelCased(Quota) }),
        ...(Throttle && { throttle: camelCased(Throttle) }),
        tags: mapOfTags(site.tags(Tags)),
      });
      return { id, attributes: { Id: id } };
    },

    async update(before, properties: UsagePlan, site, previous: UsagePlan) {
      const name = { UsagePlanName: properties.UsagePlanName ?? previous.UsagePlanName };
      await site.call('apigateway', 'UpdateUsagePlan', {
        usagePlanId: before.id,
        patchOperations: [
          ...stagesOf(previous)
            .filter((stage) => !stagesOf(properties).includes(stage))
            .map((stage) => patch('remove', '/apiStages', stage)),
          ...stagesOf(properties)
            .filter((stage) => !stagesOf(previous).includes(stage))
            .map((stage) => patch('add', '/apiStages', stage)),
          ...changes(limitsOf({ ...previous, ...name }), limitsOf({ ...properties, ...name })),
        ],
      });
      await retagAt(`/usageplans/${before.id}`, properties.Tags, previous.Tags, site);
      return before;
    },

    async delete({ id: usagePlanId }, site, properties: UsagePlan) {
      const patchOperations = stagesOf(properties).map((stage) => patch('remove', '/apiStages', stage));
      await site.call('apigateway', 'UpdateUsagePlan', { usagePlanId, patchOperations });
      await site.call('apigateway', 'DeleteUsagePlan', { usagePlanId });
    },
  },

  'AWS::ApiGateway::UsagePlanKey': {
    async create(properties: Dictionary, site) {
      await site.call('apigateway', 'CreateUsagePlanKey', camelCased(properties));
      const Id = `${String(properties['KeyId'])}:${String(properties['UsagePlanId'])}`;
      return { id: Id, attributes: { Id } };
    },

    async delete(_resource, site, { KeyId: keyId, UsagePlanId: usagePlanId }: Dictionary) {
      await site.call('apigateway', 'DeleteUsagePlanKey', { keyId, usagePlanId });
    },
  },
} satisfies ResourceTypes;

const stagesOf = ({ ApiStages = [] }: UsagePlan): string[] =>
  ApiStages.map(({ ApiId, Stage }) => `${ApiId}:${Stage}`);

function limitsOf({ UsagePlanName, Quota, Throttle, ApiStages = [], Description }: UsagePlan): Dictionary {
  const perMethod = ApiStages.flatMap(({ ApiId, Stage, Throttle: methods = {} }) =>
    Object.entries(methods).flatMap(([method, limits]) =>
      Object.entries(camelCased(limits)).map(([limit, value]) => [
        `/apiStages/${ApiId}:${Stage}/throttle/${escaped(method)}/${limit}`,
        value,
      ]),
    ),
  );
  return {
    '/name': UsagePlanName,
    '/description': Description,
    ...prefixed('/quota/', Quota),
    ...prefixed('/throttle/', Throttle),
    ...(Object.fromEntries(perMethod) as Dictionary),
  };
}

const prefixed = (prefix: string, values: Dictionary = {}): Dictionary =>
  Object.fromEntries(Object.entries(camelCased(values)).map(([name, value]) => [prefix + name, value]));
