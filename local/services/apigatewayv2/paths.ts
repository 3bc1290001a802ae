/** What an operation touches: the path that its request has. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html */

type Input = Record<string, string | undefined>;

export function pathOf(operation: string, input: Input): string {
  const { ResourceArn, ApiId, RouteId, IntegrationId, AuthorizerId, StageName, DeploymentId } = input;
  if (ResourceArn !== undefined) return `/tags/${encodeURIComponent(ResourceArn)}`;
  const api = ApiId === undefined ? '/apis' : `/apis/${ApiId}`;
  if (/Cors/.test(operation)) return `${api}/cors`;
  if (/AuthorizersCache/.test(operation)) return `${api}/stages/${StageName}/cache/authorizers`;
  if (/AccessLog/.test(operation)) return `${api}/stages/${StageName}/accesslogsettings`;
  if (/RouteSettings/.test(operation)) return `${api}/stages/${StageName}/routesettings/${input.RouteKey}`;
  if (/Route/.test(operation)) return within(`${api}/routes`, RouteId);
  if (/Integration/.test(operation)) return within(`${api}/integrations`, IntegrationId);
  if (/Authorizer/.test(operation)) return within(`${api}/authorizers`, AuthorizerId);
  if (/Deployment/.test(operation)) return within(`${api}/deployments`, DeploymentId);
  if (/Stage/.test(operation))
    return within(`${api}/stages`, operation === 'CreateStage' ? undefined : StageName);
  return api;
}

const within = (all: string, one: string | undefined): string => (one === undefined ? all : `${all}/${one}`);
