/** What is found and stays, resource by resource, each with its reason. One that nothing needs any more fails the tests. */
export interface Exception {
  /** Of cfn-lint its id, of cfn-guard its name. */
  readonly rule: string;
  /** Logical ids, by the kinds that the constructs of `infra/pipeline` make: what stands beside the pipeline is not excused. */
  readonly resources: RegExp;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'W3005',
    resources: /^Shop\w+Function[0-9A-F]{8}$/,
    reason: 'CDK names the role of a function in DependsOn as well, so that its policies come first.',
  },
  {
    rule: 'sqs_dlq_check',
    resources: /^Shop(?:\w+DeadLetters|RelayFailures|UnroutedQueue)[0-9A-F]{8}$/,
    reason: 'It is where messages end up, and an alarm watches its depth; there is nowhere further to go.',
  },
  {
    rule: 'lambda_inside_vpc_check',
    resources: /^Shop\w+Function[0-9A-F]{8}$/,
    reason: 'It calls AWS services only. A network of its own would add ways out to pay for and to guard.',
  },
  {
    rule: 'dynamodb_table_encrypted_kms_check',
    resources: /^Shop\w+Table[0-9A-F]{8}$/,
    reason:
      'Encrypted by a key that DynamoDB owns. A customer key can be disabled, and the pipeline with it.',
  },
  {
    rule: 'cloudwatch_log_group_encrypted_check',
    resources: /^Shop\w+(?:FunctionLogs|GatewayAccessLog)[0-9A-F]{8}$/,
    reason: 'Encrypted by a key that CloudWatch owns, and logs hold ids and codes, no payload.',
  },
  {
    rule: 'cloudwatch_log_group_retention_period_check',
    resources: /^Shop\w+(?:FunctionLogs|GatewayAccessLog)[0-9A-F]{8}$/,
    reason: 'Logs tell of failures, which dead letters outlive; the archive and the tables are the record.',
  },
  {
    rule: 'lambda_function_public_access_prohibited_check',
    resources: /^ShopCheckoutApiGatewayApiPermission\w+$/,
    reason:
      'SourceArn names API, stage and method by Fn::Join, which the control does not read; our check services-name-their-source does.',
  },
  {
    rule: 'api_gw_v1_execution_logging_enabled_check',
    resources: /^ShopCheckoutApiGatewayDeploymentStage\w+$/,
    reason: 'Execution logs hold headers and bodies, which are secret and personal; access is logged.',
  },
  {
    rule: 'api_gw_xray_enabled_check',
    resources: /^ShopCheckoutApiGatewayDeploymentStage\w+$/,
    reason: 'Traces are W3C traceparents in the messages, which go on where X-Ray ends.',
  },
];
