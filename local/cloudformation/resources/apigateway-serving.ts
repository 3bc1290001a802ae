/** How a REST API is served: deployments and stages. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { camelCased, changes, escaped, patch, retagAt } from '../api-gateway.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { mapOfTags } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface Deployment extends Dictionary {
  RestApiId: string;
  StageDescription?: Dictionary;
  DeploymentCanarySettings?: Dictionary;
}

interface Stage extends Dictionary {
  RestApiId: string;
  StageName?: string;
  Variables?: Record<string, string>;
  AccessLogSetting?: { DestinationArn?: string; Format?: string };
  MethodSettings?: MethodSetting[];
  Tags?: Tag[];
}

type MethodSetting = Dictionary & { ResourcePath?: string; HttpMethod?: string };

export default {
  'AWS::ApiGateway::Deployment': {
    async create({ StageDescription, DeploymentCanarySettings, ...properties }: Deployment, site) {
      if (StageDescription ?? DeploymentCanarySettings)
        throw notModelled('StageDescription and DeploymentCanarySettings of a deployment');
      const { id } = await site.call<{ id: string }>(
        'apigateway',
        'CreateDeployment',
        camelCased(properties),
      );
      return { id, attributes: { DeploymentId: id } };
    },

    async update(before, { RestApiId: restApiId, Description }: Deployment, site, previous: Deployment) {
      await site.call('apigateway', 'UpdateDeployment', {
        restApiId,
        deploymentId: before.id,
        patchOperations: changes(
          { '/description': previous['Description'] },
          { '/description': Description },
        ),
      });
      return before;
    },

    async delete({ id: deploymentId }, site, { RestApiId: restApiId }: Deployment) {
      await site.call('apigateway', 'DeleteDeployment', { restApiId, deploymentId });
    },
  },

  'AWS::ApiGateway::Stage': {
    name: 'StageName',

    async create(properties: Stage, site) {
      const { MethodSettings: _settings, AccessLogSetting: _log, Tags, ...given } = properties;
      refuseUnmodelled(properties);
      const stageName = given.StageName ?? 'default';
      await site.call('apigateway', 'CreateStage', {
        ...camelCased(given),
        stageName,
        tags: mapOfTags(site.tags(Tags)),
      });
      site.made({ id: stageName });
      const own = {
        AccessLogSetting: properties.AccessLogSetting,
        MethodSettings: properties.MethodSettings,
      };
      await patchStage(stageName, properties.RestApiId, {}, settingsOf(own), site);
      return { id: stageName };
    },

    async update(before, properties: Stage, site, previous: Stage) {
      refuseUnmodelled(properties);
      await patchStage(before.id, properties.RestApiId, settingsOf(previous), settingsOf(properties), site);
      await retagAt(
        `/restapis/${properties.RestApiId}/stages/${before.id}`,
        properties.Tags,
        previous.Tags,
        site,
      );
      return before;
    },

    async delete({ id: stageName }, site, { RestApiId: restApiId }: Stage) {
      await site.call('apigateway', 'DeleteStage', { restApiId, stageName });
    },
  },

  /** One for the whole account and region; deleting it leaves the role as it is. */
  'AWS::ApiGateway::Account': {
    async create({ CloudWatchRoleArn }: Dictionary, site) {
      await setRole(CloudWatchRoleArn, site);
      const Id = site.name(undefined, { longest: 64 });
      return { id: Id, attributes: { Id } };
    },

    async update(before, { CloudWatchRoleArn }: Dictionary, site) {
      await setRole(CloudWatchRoleArn, site);
      return before;
    },

    async delete() {},
  },
} satisfies ResourceTypes;

const setRole = (role: unknown, site: Site) =>
  site.call('apigateway', 'UpdateAccount', {
    patchOperations: [patch('replace', '/cloudwatchRoleArn', role ?? '')],
  });

function refuseUnmodelled(properties: Stage): void {
  const found = ['CanarySetting', 'ClientCertificateId', 'CacheClusterSize'].find(
    (name) => properties[name] !== undefined,
  );
  if (found !== undefined || properties['CacheClusterEnabled'])
    throw notModelled(`${found ?? 'CacheClusterEnabled'} of a stage`);
}

async function patchStage(
  stageName: string,
  restApiId: string,
  before: Dictionary,
  after: Dictionary,
  site: Site,
) {
  const patchOperations = changes(before, after);
  if (patchOperations.length > 0)
    await site.call('apigateway', 'UpdateStage', { restApiId, stageName, patchOperations });
}

/** Patch paths and their values. */
const settingsOf = ({
  Variables = {},
  AccessLogSetting,
  MethodSettings = [],
  ...stage
}: Partial<Stage>): Dictionary => ({
  '/deploymentId': stage['DeploymentId'],
  '/description': stage['Description'],
  '/documentationVersion': stage['DocumentationVersion'],
  '/tracingEnabled': stage['TracingEnabled'],
  '/accessLogSettings/destinationArn': AccessLogSetting?.DestinationArn?.replace(/:\*$/, ''),
  '/accessLogSettings/format': AccessLogSetting?.Format,
  ...Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [`/variables/${escaped(name)}`, value]),
  ),
  ...(Object.assign({}, ...MethodSettings.map(methodSettings)) as Dictionary),
});

function methodSettings({ ResourcePath = '/*', HttpMethod = '*', ...setting }: MethodSetting): Dictionary {
  const path = ResourcePath === '/' ? '/~1' : ResourcePath;
  return Object.fromEntries(
    Object.entries(setting).map(([name, value]) => {
      if (!SETTINGS[name]) throw notModelled(`${name} of a stage's methods`);
      return [`${path}/${HttpMethod}/${SETTINGS[name]}`, value];
    }),
  );
}

const SETTINGS: Record<string, string> = {
  MetricsEnabled: 'metrics/enabled',
  DataTraceEnabled: 'logging/dataTrace',
  LoggingLevel: 'logging/loglevel',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
  CachingEnabled: 'caching/enabled',
  CacheTtlInSeconds: 'caching/ttlInSeconds',
  CacheDataEncrypted: 'caching/dataEncrypted',
};
