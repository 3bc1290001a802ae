/** Stages: the names under which deployments are served. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Api, Apis, Stage } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { withSetting } from './method-settings.ts';
import { patched } from './patch.ts';

export function staging(apis: Apis, logRole: () => string | undefined) {
  const now = () => apis.world.clock.now();
  return {
    CreateStage(input: Gateway.CreateStageCommandInput) {
      const { restApiId, stageName = '', deploymentId = '', description, variables, tags, ...given } = input;
      if (given.cacheClusterEnabled) throw notModelled('caches of REST APIs');
      if (given.canarySettings) throw notModelled('canary deployments');
      const api = apis.at(restApiId);
      if (!/^[\w-]{1,128}$/.test(stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
      if (api.stages.has(stageName)) throw conflict('Stage already exists');
      if (!api.deployments.has(deploymentId)) throw badRequest('Deployment id does not exist');
      const stage = {
        ...newStage({ stageName, deploymentId, description }, now()),
        ...(variables && { variables }),
        ...(given.documentationVersion && { documentationVersion: given.documentationVersion }),
        ...(given.tracingEnabled && { tracingEnabled: true }),
        ...(tags && { tags }),
      };
      checkVariables(stage);
      api.stages.set(stageName, stage);
      return stage satisfies Answer<Gateway.CreateStageCommandOutput>;
    },

    GetStage({ restApiId, stageName }: Gateway.GetStageCommandInput) {
      return apis.stageAt(apis.at(restApiId), stageName) satisfies Answer<Gateway.GetStageCommandOutput>;
    },

    GetStages({ restApiId, deploymentId }: Gateway.GetStagesCommandInput) {
      const stages = [...apis.at(restApiId).stages.values()];
      return {
        item: stages.filter((stage) => deploymentId === undefined || stage.deploymentId === deploymentId),
      } satisfies Answer<Gateway.GetStagesCommandOutput>;
    },

    UpdateStage({ restApiId, stageName, patchOperations = [] }: Gateway.UpdateStageCommandInput) {
      const api = apis.at(restApiId);
      const before = apis.stageAt(api, stageName);
      const stage = changed(before, patchOperations);
      stage.lastUpdatedDate = new Date(now());
      checkStage(api, stage, logRole());
      api.stages.set(stage.stageName, stage);
      return stage satisfies Answer<Gateway.UpdateStageCommandOutput>;
    },

    DeleteStage({ restApiId, stageName }: Gateway.DeleteStageCommandInput) {
      const api = apis.at(restApiId);
      api.stages.delete(apis.stageAt(api, stageName).stageName);
      return {} satisfies Answer<Gateway.DeleteStageCommandOutput>;
    },
  };
}

export const newStage = (
  named: { stageName: string; deploymentId: string; description: string | undefined },
  now: number,
): Stage => ({
  stageName: named.stageName,
  deploymentId: named.deploymentId,
  ...(named.description !== undefined && { description: named.description }),
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  createdDate: new Date(now),
  lastUpdatedDate: new Date(now),
});

/** Settings of methods have paths of their own: `/~1orders/POST/throttling/rateLimit`. */
function changed(before: Stage, operations: Gateway.PatchOperation[]): Stage {
  let stage = before;
  for (const operation of operations) {
    const { path = '', op } = operation;
    if (op === 'remove' && path === '/accessLogSettings') {
      const { accessLogSettings: _gone, ...rest } = stage;
      stage = rest;
    } else if (/^\/(cacheCluster|canarySettings|clientCertificateId)/.test(path))
      throw notModelled(`${path.split('/')[1]} of a stage`);
    else stage = withSetting(stage, operation) ?? patched(stage, [operation], KINDS);
  }
  return stage;
}

const KINDS = {
  '/deploymentId': 'text',
  '/description': 'text',
  '/accessLogSettings/destinationArn': 'text',
  '/accessLogSettings/format': 'text',
  '/variables/{}': 'text',
  '/tracingEnabled': 'flag',
  '/documentationVersion': 'text',
} as const;

function checkStage(api: Api, stage: Stage, logRole: string | undefined): void {
  const { deploymentId, accessLogSettings, methodSettings = {} } = stage;
  if (!api.deployments.has(deploymentId)) throw badRequest('Deployment id does not exist');
  checkVariables(stage);
  const logs = Object.values(methodSettings).some(({ loggingLevel = 'OFF' }) => loggingLevel !== 'OFF');
  if ((logs || accessLogSettings) && logRole === undefined)
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
  const { destinationArn } = accessLogSettings ?? {};
  if (destinationArn?.includes(':firehose:')) throw notModelled('access logs to Firehose');
  if (destinationArn !== undefined && !/^arn:[\w-]+:logs:/.test(destinationArn))
    throw badRequest(`Invalid ARN. ARN is not well formed ${destinationArn}`);
  if (Object.values(methodSettings).some(({ cachingEnabled }) => cachingEnabled))
    throw notModelled('caches of REST APIs');
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html */
function checkVariables({ variables = {} }: Stage): void {
  for (const [name, value] of Object.entries(variables))
    if (!/^\w+$/.test(name) || !/^[A-Za-z0-9-._~:/?#&=,]*$/.test(value))
      throw badRequest(
        `Stage variable value contains invalid characters; they are limited to: A-Za-z0-9-._~:/?#&=,`,
      );
}
