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
