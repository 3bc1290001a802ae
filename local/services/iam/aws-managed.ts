/**
 * AWS's own managed policies by path and name: those that CDK, its bootstrap stack and its constructs name.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const allow = (Action: string[] | string, Resource: string[] | string = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const policy = (...Statement: ReturnType<typeof allow>[]) => ({ Version: '2012-10-17', Statement });

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Only the part of ReadOnlyAccess that concerns services which are here. */
const READ_ONLY = [
  'apigateway:GET',
  ...['Describe*', 'Detect*', 'EstimateTemplateCost', 'Get*', 'List*'].map(
    (name) => `cloudformation:${name}`,
  ),
  ...['BatchGet*', 'Describe*', 'GenerateQuery', 'Get*', 'List*'].map((name) => `cloudwatch:${name}`),
  ...['BatchGet*', 'Describe*', 'Get*', 'List*', 'PartiQLSelect', 'Query', 'Scan'].map(
    (name) => `dynamodb:${name}`,
  ),
  ...['BatchCheck*', 'BatchGet*', 'Describe*', 'Get*', 'List*'].map((name) => `ecr:${name}`),
  ...['Describe*', 'List*', 'Test*'].map((name) => `events:${name}`),
  ...['Generate*', 'Get*', 'List*', 'Simulate*'].map((name) => `iam:${name}`),
  ...['Get*', 'List*'].map((name) => `lambda:${name}`),
  ...[
    'Describe*',
    'FilterLogEvents',
    'Get*',
    'ListTagsLogGroup',
    'StartQuery',
    'StopQuery',
    'TestMetricFilter',
  ].map((name) => `logs:${name}`),
  ...['DescribeJob', 'Get*', 'List*'].map((name) => `s3:${name}`),
  ...['Get*', 'List*', 'Receive*'].map((name) => `sqs:${name}`),
  ...['Describe*', 'Get*', 'List*'].map((name) => `ssm:${name}`),
  ...['GetAccessKeyInfo', 'GetCallerIdentity', 'GetSessionToken'].map((name) => `sts:${name}`),
];

export const AWS_MANAGED: Record<string, object> = {
  AdministratorAccess: policy(allow('*')),
  ReadOnlyAccess: policy(allow(READ_ONLY)),
  AWSCloudFormationReadOnlyAccess: policy(
    allow([
      'cloudformation:Describe*',
      'cloudformation:EstimateTemplateCost',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
      'cloudformation:Detect*',
    ]),
  ),
  CloudWatchLambdaInsightsExecutionRolePolicy: policy(
    allow('logs:CreateLogGroup'),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*'),
  ),
  AWSXRayDaemonWriteAccess: policy(
    allow([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ]),
  ),
  'service-role/AWSLambdaBasicExecutionRole': policy(allow(WRITE_LOGS)),
  'service-role/AWSLambdaSQSQueueExecutionRole': policy(
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...WRITE_LOGS]),
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': policy(
    allow([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...WRITE_LOGS,
    ]),
  ),
  'service-role/AWSLambdaVPCAccessExecutionRole': policy(
    allow([
      ...WRITE_LOGS,
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ]),
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': policy(
    allow([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:FilterLogEvents',
    ]),
  ),
};
