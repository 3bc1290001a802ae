/** Stages: the names under which deployments are served; `$default` is served without one. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { badRequest, conflict, notFound } from '../apigateway/errors.ts';
import type { Api, Apis, Stage } from './api.ts';
import { defined, refuseGiven } from './given.ts';
import { listed } from './page.ts';

export const staging = (apis: Apis) => ({
  CreateStage({ ApiId, StageName = '', ...given }: Gateway.CreateStageCommandInput) {
    const api = apis.at(ApiId);
    if (!/^(\$default|[\w-]{1,128})$/.test(StageName))
      throw badRequest('Stage name only allows a-zA-Z0-9_- or $default');
    if (api.stages.has(StageName)) throw conflict('Stage already exists');
    return put(apis, api, {
      ...defined(given),
      StageName,
      AutoDeploy: given.AutoDeploy ?? false,
      CreatedDate: new Date(apis.world.clock.now()),
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ...given.DefaultRouteSettings },
      RouteSettings: given.RouteSettings ?? {},
      StageVariables: given.StageVariables ?? {},
      Tags: given.Tags ?? {},
    }) satisfies Answer<Gateway.CreateStageCommandOutput>;
  },

  GetStage({ ApiId, StageName }: Gateway.GetStageCommandInput) {
    return apis.stageAt(apis.at(ApiId), StageName) satisfies Answer<Gateway.GetStageCommandOutput>;
  },

  GetStages(input: Gateway.GetStagesCommandInput) {
    return listed(
      apis.at(input.ApiId).stages.values(),
      input,
    ) satisfies Answer<Gateway.GetStagesCommandOutput>;
  },

  UpdateStage({ ApiId, StageName, ...given }: Gateway.UpdateStageCommandInput) {
    const api = apis.at(ApiId);
    const before = apis.stageAt(api, StageName);
    return put(apis, api, {
      ...before,
      ...defined(given),
      RouteSettings: { ...before.RouteSettings, ...given.RouteSettings },
    }) satisfies Answer<Gateway.UpdateStageCommandOutput>;
  },

  DeleteStage({ ApiId, StageName }: Gateway.DeleteStageCommandInput) {
    const api = apis.at(ApiId);
    api.stages.delete(apis.stageAt(api, StageName).StageName);
    return {} satisfies Answer<Gateway.DeleteStageCommandOutput>;
  },

  DeleteAccessLogSettings({ ApiId, StageName }: Gateway.DeleteAccessLogSettingsCommandInput) {
    const api = apis.at(ApiId);
    const { AccessLogSettings: _gone, ...stage } = apis.stageAt(api, StageName);
    api.stages.set(stage.StageName, stage);
    return {} satisfies Answer<Gateway.DeleteAccessLogSettingsCommandOutput>;
  },

  DeleteRouteSettings({ ApiId, StageName, RouteKey = '' }: Gateway.DeleteRouteSettingsCommandInput) {
    const api = apis.at(ApiId);
    const stage = apis.stageAt(api, StageName);
    const { [RouteKey]: _gone, ...RouteSettings } = stage.RouteSettings ?? {};
    api.stages.set(stage.StageName, { ...stage, RouteSettings });
    return {} satisfies Answer<Gateway.DeleteRouteSettingsCommandOutput>;
  },
});

/** A stage that wants every change has what there is at once. */
function put(apis: Apis, api: Api, stage: Stage): Stage {
  check(api, stage);
  const { StageName, AutoDeploy } = stage;
  const LastUpdatedDate = new Date(apis.world.clock.now());
  const first = AutoDeploy && stage.DeploymentId === undefined && api.routes.size > 0;
  const DeploymentId = first ? apis.deploy(api, undefined, true).shown.DeploymentId : stage.DeploymentId;
  const put = { ...stage, LastUpdatedDate, ...(DeploymentId !== undefined && { DeploymentId }) };
  api.stages.set(StageName, put);
  return put;
}

function check(api: Api, stage: Stage): void {
  refuseGiven(stage, ['ClientCertificateId'], 'a stage of an HTTP API');
  const { DeploymentId, AccessLogSettings, DefaultRouteSettings = {}, RouteSettings = {} } = stage;
  if (DeploymentId !== undefined && !api.deployments.has(DeploymentId))
    throw badRequest(`Unable to find Deployment with id ${DeploymentId}`);
  const keys = new Set([...api.routes.values()].map(({ RouteKey }) => RouteKey));
  const unknown = Object.keys(RouteSettings).find((key) => !keys.has(key));
  if (unknown !== undefined)
    throw notFound(`Unable to find Route by key ${unknown} within the provided RouteSettings`);
  for (const settings of [DefaultRouteSettings, ...Object.values(RouteSettings)])
    refuseGiven(settings, ['DataTraceEnabled', 'LoggingLevel'], 'the routes of an HTTP API');
  const arn = AccessLogSettings?.DestinationArn;
  if (arn?.includes(':firehose:')) throw notModelled('access logs to Firehose');
  if (arn !== undefined && !/^arn:[\w-]+:logs:/.test(arn))
    throw badRequest(`Invalid ARN. ARN is not well formed ${arn}`);
}
