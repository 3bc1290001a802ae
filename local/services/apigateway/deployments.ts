/** Deployments: an API as it was at one moment. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Api, Apis, Definition, Deployment } from './api.ts';
import { badRequest } from './errors.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';
import { newStage } from './stages.ts';

export const deploying = (apis: Apis) => ({
  CreateDeployment(input: Gateway.CreateDeploymentCommandInput) {
    const { restApiId, stageName, stageDescription, description, variables } = input;
    if (input.canarySettings) throw notModelled('canary deployments');
    if (input.cacheClusterEnabled) throw notModelled('caches of REST APIs');
    const api = apis.at(restApiId);
    checkMethods(api);
    const deployment: Deployment = {
      id: apis.newId(6),
      created: new Date(apis.world.clock.now()),
      description,
      frozen: frozen(api),
    };
    api.deployments.set(deployment.id, deployment);
    if (stageName) deployTo(api, stageName, deployment.id);
    return shown(deployment) satisfies Answer<Gateway.CreateDeploymentCommandOutput>;

    function deployTo(on: Api, name: string, deploymentId: string): void {
      const before = on.stages.get(name);
      const now = apis.world.clock.now();
      const stage = before ?? newStage({ stageName: name, deploymentId, description: stageDescription }, now);
      on.stages.set(name, {
        ...stage,
        deploymentId,
        ...(variables && { variables }),
        lastUpdatedDate: new Date(now),
      });
    }
  },

  GetDeployment({ restApiId, deploymentId }: Gateway.GetDeploymentCommandInput) {
    return shown(
      apis.deploymentAt(apis.at(restApiId), deploymentId),
    ) satisfies Answer<Gateway.GetDeploymentCommandOutput>;
  },

  GetDeployments(input: Gateway.GetDeploymentsCommandInput) {
    return paged(
      [...apis.at(input.restApiId).deployments.values()].map(shown),
      input,
    ) satisfies Answer<Gateway.GetDeploymentsCommandOutput>;
  },

  UpdateDeployment({ restApiId, deploymentId, patchOperations }: Gateway.UpdateDeploymentCommandInput) {
    const deployment = apis.deploymentAt(apis.at(restApiId), deploymentId);
    const { description } = patched({ description: deployment.description }, patchOperations, {
      '/description': 'text',
    });
    deployment.description = description;
    return shown(deployment) satisfies Answer<Gateway.UpdateDeploymentCommandOutput>;
  },

  DeleteDeployment({ restApiId, deploymentId }: Gateway.DeleteDeploymentCommandInput) {
    const api = apis.at(restApiId);
    const { id } = apis.deploymentAt(api, deploymentId);
    if ([...api.stages.values()].some((stage) => stage.deploymentId === id))
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    api.deployments.delete(id);
    return {} satisfies Answer<Gateway.DeleteDeploymentCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html */
function checkMethods({ resources }: Api): void {
  const methods = [...resources.values()].flatMap(({ resourceMethods }) => Object.values(resourceMethods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ methodIntegration }) => !methodIntegration))
    throw badRequest('No integration defined for method');
}

const frozen = ({ settings, resources, models, validators, authorizers, responses }: Api): Definition =>
  structuredClone({ settings, resources, models, validators, authorizers, responses });

const shown = ({ id, created, description }: Deployment): Gateway.Deployment => ({
  id,
  createdDate: created,
  ...(description !== undefined && { description }),
});
