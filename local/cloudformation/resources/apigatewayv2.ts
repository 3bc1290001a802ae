/** HTTP APIs. Templates name the members as the operations do; tags are a map. */
import { notModelled } from '../../errors.ts';
import type { ResourceType, ResourceTypes, Site } from '../resource-types.ts';
import { mapOfTags, retag, tagsOfMap } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface Tagged extends Dictionary {
  Tags?: Record<string, string>;
}

interface Stage extends Tagged {
  ApiId: string;
  StageName: string;
  RouteSettings?: Dictionary;
}

interface OfApi extends Dictionary {
  ApiId: string;
}

export default {
  'AWS::ApiGatewayV2::Api': {
    async create(properties: Tagged, site) {
      refuseUnmodelled(properties);
      const { ApiId, ApiEndpoint } = await site.call<{ ApiId: string; ApiEndpoint: string }>(
        'apigatewayv2',
        'CreateApi',
        { ...properties, Tags: mapOfTags(site.tags(tagsOfMap(properties.Tags))) },
      );
      const ExecuteApiArn = `arn:aws:execute-api:${site.region}:${site.account}:${ApiId}`;
      return { id: ApiId, attributes: { ApiId, ApiEndpoint, ExecuteApiArn } };
    },

    async update(before, { Tags, ...properties }: Tagged, site, previous: Tagged) {
      refuseUnmodelled(properties);
      const ApiId = before.id;
      const { ProtocolType: _kept, ...given } = properties;
      if (previous['CorsConfiguration'] && !given['CorsConfiguration'])
        await site.call('apigatewayv2', 'DeleteCorsConfiguration', { ApiId });
      await site.call('apigatewayv2', 'UpdateApi', { ...given, ApiId });
      await retagAt(`apis/${ApiId}`, Tags, previous.Tags, site);
      return before;
    },

    async delete({ id: ApiId }, site) {
      await site.call('apigatewayv2', 'DeleteApi', { ApiId });
    },
  },

  'AWS::ApiGatewayV2::Stage': {
    name: 'StageName',

    async create(properties: Stage, site) {
      const Tags = mapOfTags(site.tags(tagsOfMap(properties.Tags)));
      await site.call('apigatewayv2', 'CreateStage', { ...withLogGroup(properties), Tags });
      return { id: properties.StageName };
    },

    async update(before, { Tags, ...properties }: Stage, site, previous: Stage) {
      const { ApiId, StageName, RouteSettings = {} } = properties;
      const gone = Object.keys(previous.RouteSettings ?? {}).filter((key) => !(key in RouteSettings));
      for (const RouteKey of gone)
        await site.call('apigatewayv2', 'DeleteRouteSettings', { ApiId, StageName, RouteKey });
      if (previous['AccessLogSettings'] && !properties['AccessLogSettings'])
        await site.call('apigatewayv2', 'DeleteAccessLogSettings', { ApiId, StageName });
      await site.call('apigatewayv2', 'UpdateStage', withLogGroup(properties));
      await retagAt(`apis/${ApiId}/stages/${StageName}`, Tags, previous.Tags, site);
      return before;
    },

    async delete({ id: StageName }, site, { ApiId }: Stage) {
      await site.call('apigatewayv2', 'DeleteStage', { ApiId, StageName });
    },
  },

  'AWS::ApiGatewayV2::Route': part('Route'),
  'AWS::ApiGatewayV2::Integration': part('Integration'),
  'AWS::ApiGatewayV2::Authorizer': part('Authorizer'),
  'AWS::ApiGatewayV2::Deployment': part('Deployment'),
} satisfies ResourceTypes;

/** What hangs on an API and is known by an id of its own. */
function part(kind: 'Route' | 'Integration' | 'Authorizer' | 'Deployment'): ResourceType<OfApi> {
  const ID = `${kind}Id`;
  return {
    async create(properties, site) {
      const made = await site.call<Record<string, string>>('apigatewayv2', `Create${kind}`, properties);
      return { id: made[ID]!, attributes: { [ID]: made[ID] } };
    },

    async update(before, properties, site) {
      await site.call('apigatewayv2', `Update${kind}`, { ...properties, [ID]: before.id });
      return before;
    },

    async delete({ id }, site, { ApiId }) {
      await site.call('apigatewayv2', `Delete${kind}`, { ApiId, [ID]: id });
    },
  };
}

function refuseUnmodelled(properties: Dictionary): void {
  const found = ['Body', 'BodyS3Location', 'BasePath', 'FailOnWarnings', 'DisableSchemaValidation'].find(
    (name) => properties[name],
  );
  if (found !== undefined) throw notModelled(`${found} of an HTTP API`);
}

/** Log groups are named here with or without the `:*` of their ARN. */
const withLogGroup = (properties: Stage): Dictionary => {
  if (properties['AccessPolicyId'] !== undefined) throw notModelled('AccessPolicyId of a stage');
  const log = properties['AccessLogSettings'] as { DestinationArn?: string } | undefined;
  if (!log) return properties;
  const DestinationArn = log.DestinationArn?.replace(/:\*$/, '');
  return { ...properties, AccessLogSettings: { ...log, DestinationArn } };
};

async function retagAt(
  path: string,
  own: Record<string, string> | undefined,
  previous: Record<string, string> | undefined,
  site: Site,
): Promise<void> {
  const ResourceArn = `arn:aws:apigateway:${site.region}::/${path}`;
  await retag(tagsOfMap(own), tagsOfMap(previous), site, {
    untag: (TagKeys) => site.call('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys }),
    tag: (tags) => site.call('apigatewayv2', 'TagResource', { ResourceArn, Tags: mapOfTags(tags) }),
  });
}
