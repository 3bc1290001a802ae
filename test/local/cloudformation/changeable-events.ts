const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** What pipes, schedules and API destinations lean on; the same in every step. */
export const EVENT_GROUND = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: ['pipes.amazonaws.com', 'scheduler.amazonaws.com'] },
          },
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
const schedule = (ScheduleExpression: string, more: object) => ({
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: arn('Target'), RoleArn: arn('Role') },
  ...more,
});

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
    'AWS::Scheduler::Schedule',
    schedule('rate(1 hour)', { EndDate: '2031-01-01T00:00:00Z', Description: 'd' }),
    schedule('cron(0 2 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin', State: 'DISABLED' }),
  ],
  [
    'AWS::Scheduler::ScheduleGroup',
    { Tags: [{ Key: 'a', Value: '1' }] },
    { Tags: [{ Key: 'b', Value: '2' }] },
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
