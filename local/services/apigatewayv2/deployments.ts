/** Deployments: an API as it was at one moment. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import type { Answer } from '../../service.ts';
import { badRequest } from '../apigateway/errors.ts';
import type { Apis } from './api.ts';
import { listed } from './page.ts';

export const deploying = (apis: Apis) => ({
  CreateDeployment({ ApiId, StageName, Description }: Gateway.CreateDeploymentCommandInput) {
    const api = apis.at(ApiId);
    const stage = StageName === undefined ? undefined : apis.stageAt(api, StageName);
    if (api.routes.size === 0) throw badRequest('At least one route is required before deploying the Api.');
    const { shown } = apis.deploy(api, Description, false);
    if (stage) api.stages.set(stage.StageName, { ...stage, DeploymentId: shown.DeploymentId });
    return shown satisfies Answer<Gateway.CreateDeploymentCommandOutput>;
  },

  GetDeployment({ ApiId, DeploymentId }: Gateway.GetDeploymentCommandInput) {
    return apis.deploymentAt(apis.at(ApiId), DeploymentId)
      .shown satisfies Answer<Gateway.GetDeploymentCommandOutput>;
  },

  GetDeployments(input: Gateway.GetDeploymentsCommandInput) {
    const all = [...apis.at(input.ApiId).deployments.values()];
    return listed(
      all.map(({ shown }) => shown),
      input,
    ) satisfies Answer<Gateway.GetDeploymentsCommandOutput>;
  },

  UpdateDeployment({ ApiId, DeploymentId, Description }: Gateway.UpdateDeploymentCommandInput) {
    const { shown } = apis.deploymentAt(apis.at(ApiId), DeploymentId);
    if (Description !== undefined) shown.Description = Description;
    return shown satisfies Answer<Gateway.UpdateDeploymentCommandOutput>;
  },

  DeleteDeployment({ ApiId, DeploymentId }: Gateway.DeleteDeploymentCommandInput) {
    const api = apis.at(ApiId);
    const id = apis.deploymentAt(api, DeploymentId).shown.DeploymentId;
    if ([...api.stages.values()].some((stage) => stage.DeploymentId === id))
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    api.deployments.delete(id);
    return {} satisfies Answer<Gateway.DeleteDeploymentCommandOutput>;
  },
});
