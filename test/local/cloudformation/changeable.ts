const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const policy = (Action: string, Resource: unknown, Principal?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...(Principal ? { Principal } : {}) }],
});
const fromEvents = (Action: string, Resource: unknown) =>
  policy(Action, Resource, { Service: 'events.amazonaws.com' });
const trust = (Service: string) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
});

/** What the tests' resources lean on; the same in every step. */
export const GROUND = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Policies: [{ PolicyName: 'p', PolicyDocument: policy('sqs:*', '*') }],
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
  Topic: { Type: 'AWS::SNS::Topic' },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: arn('Role'),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: 'exports.handler = () => 1' },
    },
  },
};

const fn = (more: object) => ({
  Role: arn('Role'),
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Code: { ZipFile: 'exports.handler = () => 1' },
  ...more,
});
const table = (more: object) => ({
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  ...more,
});
const byAge = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'age', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'age',
      KeySchema: [{ AttributeName: 'age', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
const alarm = (more: object) => ({
  Namespace: 'n',
  MetricName: 'm',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  ...more,
});
const mapping = (more: object) => ({
  EventSourceArn: arn('Queue'),
  FunctionName: { Ref: 'Function' },
  ...more,
});
const alias = (more: object) => ({
  FunctionName: { Ref: 'Function' },
  FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
  Name: 'live',
  ...more,
});
const logsPolicy = (Service: string) => ({
  PolicyName: 'p',
  PolicyDocument: JSON.stringify(policy('logs:PutLogEvents', '*', { Service })),
});
const repositoryPolicy = { Version: '2012-10-17', Statement: [] };

/** Type, what it is made of, and what it is changed to in place. */
export const CASES: [type: string, before: object, after: object][] = [
  ['AWS::CDK::Metadata', { Analytics: 'a' }, { Analytics: 'b' }],
  ['AWS::SQS::Queue', { DelaySeconds: 1, Tags: [{ Key: 'a', Value: 'b' }] }, { VisibilityTimeout: 9 }],
  [
    'AWS::SQS::QueuePolicy',
    { Queues: [{ Ref: 'Queue' }], PolicyDocument: fromEvents('sqs:SendMessage', arn('Queue')) },
    { Queues: [{ Ref: 'Queue' }], PolicyDocument: fromEvents('sqs:*', arn('Queue')) },
  ],
  ['AWS::SNS::Topic', { DisplayName: 'a' }, { DisplayName: 'b', Tags: [{ Key: 'a', Value: 'b' }] }],
  [
    'AWS::SNS::TopicPolicy',
    { Topics: [{ Ref: 'Topic' }], PolicyDocument: fromEvents('sns:Publish', { Ref: 'Topic' }) },
    {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: policy('sns:Publish', { Ref: 'Topic' }, { Service: 's3.amazonaws.com' }),
    },
  ],
  [
    'AWS::SNS::Subscription',
    { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: arn('Queue') },
    {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'sqs',
      Endpoint: arn('Queue'),
      RawMessageDelivery: true,
      FilterPolicy: { a: ['b'] },
    },
  ],
  ['AWS::SSM::Parameter', { Type: 'String', Value: 'a', Tags: { a: 'b' } }, { Type: 'String', Value: 'b' }],
  ['AWS::Events::EventBus', { Name: 'other' }, { Name: 'other', Description: 'd' }],
  [
    'AWS::Events::EventBusPolicy',
    {
      EventBusName: { Ref: 'Bus' },
      StatementId: 's',
      Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
    },
    {
      EventBusName: { Ref: 'Bus' },
      StatementId: 's',
      Statement: { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
    },
  ],
  [
    'AWS::Events::Rule',
    {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['a'] },
      Targets: [{ Id: 'a', Arn: arn('Queue') }],
    },
    {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['b'] },
      State: 'DISABLED',
      Targets: [{ Id: 'b', Arn: arn('Function') }],
    },
  ],
  [
    'AWS::Events::Archive',
    { SourceArn: arn('Bus'), RetentionDays: 1, KmsKeyIdentifier: '' }, // as CDK writes it
    { SourceArn: arn('Bus'), EventPattern: { source: ['a'] } },
  ],
  [
    'AWS::Lambda::Function',
    fn({
      Environment: { Variables: { A: '1' } },
      ReservedConcurrentExecutions: 1,
      RecursiveLoop: 'Allow',
    }),
    fn({ Code: { ZipFile: 'exports.handler = () => 2' }, Timeout: 9, Tags: [{ Key: 'a', Value: 'b' }] }),
  ],
  [
    'AWS::Lambda::EventSourceMapping',
    mapping({ BatchSize: 5, FunctionResponseTypes: ['ReportBatchItemFailures'] }),
    mapping({ Enabled: false, ScalingConfig: { MaximumConcurrency: 2 } }),
  ],
  [
    'AWS::Lambda::Url',
    { TargetFunctionArn: { Ref: 'Function' }, AuthType: 'NONE', Cors: { AllowOrigins: ['*'] } },
    { TargetFunctionArn: { Ref: 'Function' }, AuthType: 'AWS_IAM' },
  ],
  [
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
    { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  ],
  [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Policies: [{ PolicyName: 'a', PolicyDocument: policy('sqs:*', '*') }],
    },
    {
      AssumeRolePolicyDocument: trust('events.amazonaws.com'),
      Description: 'd',
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    },
  ],
  [
    'AWS::IAM::Policy',
    { PolicyName: 'a', Roles: [{ Ref: 'Role' }], PolicyDocument: policy('sqs:*', '*') },
    { PolicyName: 'b', Roles: [{ Ref: 'Role' }], PolicyDocument: policy('sns:*', '*') },
  ],
  [
    'AWS::IAM::ManagedPolicy',
    { ManagedPolicyName: 'm', PolicyDocument: policy('sqs:*', '*') },
    { ManagedPolicyName: 'm', PolicyDocument: policy('sns:*', '*'), Roles: [{ Ref: 'Role' }] },
  ],
  [
    'AWS::DynamoDB::Table',
    table({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }),
    table({
      ...byAge,
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ContributorInsightsSpecification: { Enabled: true },
    }),
  ],
  [
    'AWS::DynamoDB::GlobalTable',
    table({ Replicas: [{ Region: 'eu-west-1' }] }),
    table({
      ...byAge,
      Replicas: [
        {
          Region: 'eu-west-1',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          GlobalSecondaryIndexes: [{ IndexName: 'age' }],
        },
      ],
    }),
  ],
  [
    'AWS::S3::Bucket',
    { VersioningConfiguration: { Status: 'Enabled' } },
    {
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  ],
  [
    'AWS::S3::BucketPolicy',
    { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy('s3:*', '*', { AWS: '*' }) },
    { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy('s3:Get*', '*', { AWS: '*' }) },
  ],
  ['AWS::Logs::LogGroup', { RetentionInDays: 1 }, {}],
  ['AWS::Logs::ResourcePolicy', logsPolicy('events.amazonaws.com'), logsPolicy('es.amazonaws.com')],
  ['AWS::CloudWatch::Alarm', alarm({}), alarm({ Threshold: 2, AlarmDescription: 'd' })],
  [
    'AWS::CloudWatch::Dashboard',
    { DashboardBody: '{"widgets":[]}' },
    { DashboardBody: '{"widgets":[],"start":"-PT1H"}' },
  ],
  ['AWS::ECR::Repository', { RepositoryPolicyText: repositoryPolicy }, { ImageTagMutability: 'IMMUTABLE' }],
  ['AWS::CloudWatch::CompositeAlarm', { AlarmRule: 'FALSE' }, { AlarmRule: 'FALSE', AlarmDescription: 'd' }],
  [
    'AWS::Lambda::Alias',
    alias({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }),
    alias({ Description: 'd' }),
  ],
];
