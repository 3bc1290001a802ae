const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** What pipes and API destinations lean on; the same in every step. */
export const EVENT_GROUND = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'pipes.amazonaws.com' } },
        ],
      },
    },
  },
  Source: { Type: 'AWS::SQS::Queue' },
  Target: { Type: 'AWS::SQS::Queue' },
  Other: { Type: 'AWS::SNS::Topic' },
  Connection: {
    Type: 'AWS::Events::Connection',
    Properties: {
      AuthorizationType: 'BASIC',
      AuthParameters: { BasicAuthParameters: { Username: 'u', Password: 'p' } },
    },
  },
};

const key = (ApiKeyValue: string) => ({ ApiKeyAuthParameters: { ApiKeyName: 'x-api-key', ApiKeyValue } });
const destination = (more: object) => ({
  ConnectionArn: arn('Connection'),
  InvocationEndpoint: 'https://example.com/orders',
  HttpMethod: 'POST',
  ...more,
});
const pipe = { RoleArn: arn('Role'), Source: arn('Source') };

/** Type, what it is made of, and what it is changed to in place. */
export const EVENT_CASES: [type: string, before: object, after: object][] = [
  [
    'AWS::Pipes::Pipe',
    {
      ...pipe,
      Target: arn('Target'),
      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"n":[1]}}' }] } },
      TargetParameters: { InputTemplate: '<$.body>' },
      Tags: { a: 'b' },
    },
    { ...pipe, Target: { Ref: 'Other' }, DesiredState: 'STOPPED', Description: 'd' },
  ],
  [
    'AWS::Events::Connection',
    { AuthorizationType: 'API_KEY', AuthParameters: key('a'), Description: 'd' },
    { AuthorizationType: 'API_KEY', AuthParameters: key('b') },
  ],
  [
    'AWS::Events::ApiDestination',
    destination({ InvocationRateLimitPerSecond: 5 }),
    destination({ HttpMethod: 'PUT' }),
  ],
];
