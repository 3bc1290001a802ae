/** What an operation touches: the path that its request has. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html */

type Input = Record<string, string | undefined>;

export function pathOf(operation: string, input: Input): string {
  if (input.resourceArn !== undefined) return `/tags/${encodeURIComponent(input.resourceArn)}`;
  const named = operation.replace(/^(Create|Get|Put|Update|Delete)/, '');
  const path = PATHS[named] ?? PATHS[named.replace(/s$/, '')] ?? '';
  const ofMany = operation.startsWith('Create') || !(named in PATHS);
  const known = { ...input, ...(operation === 'CreateResource' && { resourceId: input.parentId }) };
  const whole = ofMany && operation !== 'CreateResource' ? path.replace(/\/\{\w+\}$/, '') : path;
  return whole.replace(/\{(\w+)\}/g, (_label, name: string) => known[name as keyof typeof known] ?? '*');
}

const API = '/restapis/{restApiId}';
const METHOD = `${API}/resources/{resourceId}/methods/{httpMethod}`;

const PATHS: Record<string, string> = {
  Account: '/account',
  ApiKey: '/apikeys/{apiKey}',
  UsagePlan: '/usageplans/{usagePlanId}',
  UsagePlanKey: '/usageplans/{usagePlanId}/keys/{keyId}',
  Usage: '/usageplans/{usagePlanId}/usage',
  RestApi: API,
  Resource: `${API}/resources/{resourceId}`,
  Method: METHOD,
  MethodResponse: `${METHOD}/responses/{statusCode}`,
  Integration: `${METHOD}/integration`,
  IntegrationResponse: `${METHOD}/integration/responses/{statusCode}`,
  Model: `${API}/models/{modelName}`,
  RequestValidator: `${API}/requestvalidators/{requestValidatorId}`,
  Authorizer: `${API}/authorizers/{authorizerId}`,
  FlushStageAuthorizersCache: `${API}/stages/{stageName}/cache/authorizers`,
  GatewayResponse: `${API}/gatewayresponses/{responseType}`,
  Deployment: `${API}/deployments/{deploymentId}`,
  Stage: `${API}/stages/{stageName}`,
};
