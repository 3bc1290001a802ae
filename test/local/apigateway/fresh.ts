import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  type APIGatewayClient,
  type PutIntegrationCommandInput,
} from '@aws-sdk/client-api-gateway';

/** A REST API with nothing but `ANY /`, whose parts are made one by one. */
export async function fresh(gateway: APIGatewayClient) {
  const api = await gateway.send(new CreateRestApiCommand({ name: 'shop' }));
  const restApiId = api.id!;
  const rootId = api.rootResourceId!;
  const at = { restApiId, resourceId: rootId, httpMethod: 'ANY' };
  await gateway.send(new PutMethodCommand({ authorizationType: 'NONE', ...at }));
  return {
    api,
    restApiId,
    rootId,
    /** Where `ANY /` is. */
    at,
    resource: (pathPart: string, parentId = rootId) =>
      gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart })),
    /** Of `ANY /`: a mock, unless said otherwise. */
    integration: (input: Partial<PutIntegrationCommandInput> = {}) =>
      gateway.send(new PutIntegrationCommand({ type: 'MOCK', ...at, ...input })),
    /** To the stage `dev`. Returns the deployment's id. */
    async deployed() {
      const { id: deploymentId } = await gateway.send(new CreateDeploymentCommand({ restApiId }));
      await gateway.send(new CreateStageCommand({ restApiId, stageName: 'dev', deploymentId }));
      return deploymentId!;
    },
  };
}
