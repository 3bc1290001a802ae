const role = { 'Fn::GetAtt': ['LogRole', 'Arn'] };
const api = { Ref: 'Api' };
const method = (more: object) => ({
  RestApiId: api,
  ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
  HttpMethod: 'GET',
  AuthorizationType: 'NONE',
  Integration: { Type: 'MOCK' },
  ...more,
});

/** What the resources of an API lean on. */
export const API_GROUND = {
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
  OneMethod: { Type: 'AWS::ApiGateway::Method', Properties: method({}) },
  OneDeployment: {
    Type: 'AWS::ApiGateway::Deployment',
    DependsOn: 'OneMethod',
    Properties: { RestApiId: api },
  },
  LogRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'apigateway.amazonaws.com' },
          },
        ],
      },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
    },
  },
};

const httpApi = { Ref: 'HttpApi' };
const integration = (more: object) => ({
  ApiId: httpApi,
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
  PayloadFormatVersion: '2.0',
  ...more,
});

const authorizer = (more: object) => ({
  ApiId: httpApi,
  Name: 'a',
  AuthorizerType: 'REQUEST',
  AuthorizerUri: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
  AuthorizerPayloadFormatVersion: '2.0',
  ...more,
});

/** What the resources of an HTTP API lean on. */
export const HTTP_API_GROUND = {
  HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'http', ProtocolType: 'HTTP' } },
  OneIntegration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: integration({}) },
  OneRoute: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: httpApi, RouteKey: 'GET /one' } },
};

/** Each type of HTTP APIs that can be changed in place: properties before and after. */
export const HTTP_API_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::ApiGatewayV2::Api',
    { Name: 'a', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['*'] }, Tags: { a: '1' } },
    { Name: 'b', ProtocolType: 'HTTP', Tags: { b: '1' } },
  ],
  [
    'AWS::ApiGatewayV2::Stage',
    {
      ApiId: httpApi,
      StageName: '$default',
      AutoDeploy: true,
      RouteSettings: { 'GET /one': { ThrottlingRateLimit: 1 } },
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:eu-west-1:000000000000:log-group:access:*',
        Format: '$context.status',
      },
    },
    { ApiId: httpApi, StageName: '$default', AutoDeploy: true, StageVariables: { a: '1' } },
  ],
  [
    'AWS::ApiGatewayV2::Route',
    { ApiId: httpApi, RouteKey: 'GET /two' },
    {
      ApiId: httpApi,
      RouteKey: 'GET /three',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'OneIntegration' }]] },
    },
  ],
  ['AWS::ApiGatewayV2::Integration', integration({}), integration({ TimeoutInMillis: 1000 })],
  ['AWS::ApiGatewayV2::Authorizer', authorizer({}), authorizer({ Name: 'b', EnableSimpleResponses: true })],
  ['AWS::ApiGatewayV2::Deployment', { ApiId: httpApi }, { ApiId: httpApi, Description: 'first' }],
];

const tokenAuthorizer = (more: object) => ({
  RestApiId: api,
  Name: 'a',
  Type: 'TOKEN',
  AuthorizerUri:
    'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:f/invocations',
  IdentitySource: 'method.request.header.Authorization',
  ...more,
});

/** Each type of API Gateway that can be changed in place: properties before and after. */
export const API_CASES: [type: string, before: object, after: object][] = [
  ['AWS::ApiGateway::RestApi', { Name: 'a' }, { Name: 'b', Description: 'renamed' }],
  [
    'AWS::ApiGateway::Method',
    method({ HttpMethod: 'PUT' }),
    method({ HttpMethod: 'PUT', ApiKeyRequired: true }),
  ],
  [
    'AWS::ApiGateway::Model',
    { RestApiId: api, Name: 'm', ContentType: 'application/json', Schema: { type: 'object' } },
    { RestApiId: api, Name: 'm', ContentType: 'application/json', Schema: { type: 'array' } },
  ],
  [
    'AWS::ApiGateway::RequestValidator',
    { RestApiId: api, Name: 'v', ValidateRequestBody: true },
    { RestApiId: api, Name: 'v', ValidateRequestBody: false, ValidateRequestParameters: true },
  ],
  [
    'AWS::ApiGateway::Authorizer',
    tokenAuthorizer({ IdentityValidationExpression: 'Bearer .+' }),
    tokenAuthorizer({ Name: 'b', AuthorizerResultTtlInSeconds: 0 }),
  ],
  [
    'AWS::ApiGateway::GatewayResponse',
    { RestApiId: api, ResponseType: 'THROTTLED' },
    { RestApiId: api, ResponseType: 'THROTTLED', StatusCode: '503' },
  ],
  ['AWS::ApiGateway::ApiKey', { Enabled: true }, { Enabled: false, Description: 'off' }],
  [
    'AWS::ApiGateway::UsagePlan',
    { Throttle: { RateLimit: 10, BurstLimit: 20 } },
    { Throttle: { RateLimit: 5, BurstLimit: 20 }, Description: 'slower' },
  ],
  [
    'AWS::ApiGateway::Deployment',
    { RestApiId: api, Description: 'one' },
    { RestApiId: api, Description: 'another' },
  ],
  [
    'AWS::ApiGateway::Stage',
    { RestApiId: api, DeploymentId: { Ref: 'OneDeployment' }, StageName: 's' },
    { RestApiId: api, DeploymentId: { Ref: 'OneDeployment' }, StageName: 's', Variables: { a: 'b' } },
  ],
  ['AWS::ApiGateway::Account', {}, { CloudWatchRoleArn: role }],
];
