import { Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { answerWithProblems } from './api-problems.ts';
import type { Stage } from './stage.ts';

export interface Throttle {
  /** Requests a second, on average. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

export interface GatewayProps {
  readonly name: string;
  readonly description: string;
  readonly stage: Stage;
  readonly throttle: Throttle;
}

/**
 * A regional REST API with one stage, an access log, and problem+json for whatever it refuses itself. API Gateway speaks TLS
 * only, 1.2 or later.
 */
export function gateway(scope: Construct, id: string, props: GatewayProps): apigateway.RestApi {
  const { name, description, stage, throttle } = props;
  const accessLog = new LogGroup(scope, `${id}AccessLog`, {
    retention: stage.logRetention,
    removalPolicy: stage.removalPolicy,
  });
  const api = new apigateway.RestApi(scope, id, {
    restApiName: name,
    description,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    // API Gateway writes logs with one role for the whole account and region.
    cloudWatchRole: true,
    cloudWatchRoleRemovalPolicy: stage.removalPolicy,
    deployOptions: {
      stageName: stage.name,
      throttlingRateLimit: throttle.rate,
      throttlingBurstLimit: throttle.burst,
      accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
      accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(ACCESS)),
    },
  });
  answerWithProblems(api);
  explain(api);
  return api;
}

/** One line for each request: what was asked and answered. Neither a person nor what was said is in it. */
const ACCESS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  at: '$context.requestTime',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  bytes: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  refusedAs: '$context.error.responseType',
  accountId: '$context.identity.accountId',
  apiKeyId: '$context.identity.apiKeyId',
};

function explain(api: apigateway.RestApi): void {
  Validations.of(api.deploymentStage).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason:
        'Callers are known: signed by IAM, by an API key with its own throttle, or by a webhook signature.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-APIG6',
      reason:
        'Execution logs repeat what requests say. The access log has every request and why it was refused.',
    },
  );
  Validations.of(api).acknowledge({
    id: 'AwsSolutions::AwsSolutions-APIG2',
    reason: 'The function validates in full and names each fault, for which API Gateway has one answer.',
  });
  const role = api.node.findChild('CloudWatchRole');
  Validations.of(role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: 'It is the policy that API Gateway asks for.',
  });
}
