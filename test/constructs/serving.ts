import { CfnOutput, Duration, Size } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as http from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { functionIn, type Apps } from './app.ts';

/** Functions, what sets them off, and APIs. */
export const SERVING: Apps = {
  functions(stack) {
    const fn = functionIn(stack, 'Function', {
      architecture: lambda.Architecture.ARM_64,
      environment: { STAGE: 'dev' },
      onSuccess: new destinations.SqsDestination(new sqs.Queue(stack, 'Done')),
      onFailure: new destinations.EventBridgeDestination(),
      retryAttempts: 1,
      maxEventAge: Duration.minutes(5),
      deadLetterQueueEnabled: true,
      tracing: lambda.Tracing.ACTIVE,
      reservedConcurrentExecutions: 5,
      loggingFormat: lambda.LoggingFormat.JSON,
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      ephemeralStorageSize: Size.gibibytes(1),
      recursiveLoop: lambda.RecursiveLoop.TERMINATE,
    });
    const alias = fn.addAlias('live', { provisionedConcurrentExecutions: 1 });
    alias.addPermission('Events', { principal: new iam.ServicePrincipal('events.amazonaws.com') });
    alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    const url = functionIn(stack, 'Public').addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.NONE,
      cors: { allowedOrigins: ['*'] },
    });
    void new CfnOutput(stack, 'Url', { value: url.url });
  },

  sources(stack) {
    const fn = functionIn(stack);
    fn.addEventSource(
      new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'), {
        batchSize: 10,
        maxConcurrency: 5,
        reportBatchItemFailures: true,
        filters: [lambda.FilterCriteria.filter({ body: { a: lambda.FilterRule.isEqual('b') } })],
      }),
    );
    fn.addEventSource(new sources.SnsEventSource(new sns.Topic(stack, 'Topic')));
    const table = new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    });
    fn.addEventSource(
      new sources.DynamoEventSource(table, {
        startingPosition: lambda.StartingPosition.LATEST,
        bisectBatchOnError: true,
        retryAttempts: 3,
        onFailure: new sources.SqsDlq(new sqs.Queue(stack, 'DeadLetters')),
      }),
    );
    fn.addEventSource(
      new sources.S3EventSource(new s3.Bucket(stack, 'Bucket'), { events: [s3.EventType.OBJECT_CREATED] }),
    );
    fn.addEventSource(new sources.ApiEventSource('GET', '/x'));
  },

  restApis(stack) {
    const fn = functionIn(stack);
    const api = new apigateway.LambdaRestApi(stack, 'Api', {
      handler: fn,
      proxy: false,
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: 10,
        throttlingBurstLimit: 5,
        metricsEnabled: true,
        loggingLevel: apigateway.MethodLoggingLevel.INFO,
        accessLogDestination: new apigateway.LogGroupLogDestination(new logs.LogGroup(stack, 'AccessLog')),
        accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
      },
      cloudWatchRole: true,
      defaultCorsPreflightOptions: { allowOrigins: ['*'] },
    });
    const schema = { type: apigateway.JsonSchemaType.OBJECT, required: ['a'] };
    const orders = api.root.addResource('orders');
    orders.addMethod('GET', undefined, { apiKeyRequired: true });
    orders.addMethod('POST', undefined, {
      requestValidatorOptions: { validateRequestBody: true },
      requestModels: { 'application/json': api.addModel('Order', { schema }) },
    });
    orders.addResource('mine').addMethod('GET', undefined, {
      authorizer: new apigateway.TokenAuthorizer(stack, 'Token', { handler: functionIn(stack, 'ByToken') }),
    });
    orders.addResource('ours').addMethod('GET', undefined, {
      authorizer: new apigateway.RequestAuthorizer(stack, 'Request', {
        handler: functionIn(stack, 'ByRequest'),
        identitySources: [apigateway.IdentitySource.header('X-Who')],
      }),
    });
    const plan = api.addUsagePlan('Plan', {
      throttle: { rateLimit: 5, burstLimit: 2 },
      quota: { limit: 100, period: apigateway.Period.DAY },
      apiStages: [{ stage: api.deploymentStage }],
    });
    plan.addApiKey(api.addApiKey('Key'));
  },

  restApiToQueue(stack) {
    const queue = new sqs.Queue(stack, 'Queue');
    const credentialsRole = new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    });
    queue.grantSendMessages(credentialsRole);
    const sending = new apigateway.AwsIntegration({
      service: 'sqs',
      path: `${stack.account}/${queue.queueName}`,
      integrationHttpMethod: 'POST',
      options: {
        credentialsRole,
        requestParameters: {
          'integration.request.header.Content-Type': `'application/x-www-form-urlencoded'`,
        },
        requestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$input.body' },
        integrationResponses: [{ statusCode: '200' }],
      },
    });
    const api = new apigateway.RestApi(stack, 'Api');
    api.root.addMethod('POST', sending, { methodResponses: [{ statusCode: '200' }] });
  },

  httpApis(stack) {
    const api = new http.HttpApi(stack, 'Api', {
      corsPreflight: { allowOrigins: ['*'], allowMethods: [http.CorsHttpMethod.ANY] },
    });
    api.addRoutes({
      path: '/orders/{id}',
      methods: [http.HttpMethod.GET],
      integration: new integrations.HttpLambdaIntegration('Get', functionIn(stack)),
    });
    api.addRoutes({
      path: '/orders',
      methods: [http.HttpMethod.POST],
      integration: new integrations.HttpSqsIntegration('Send', { queue: new sqs.Queue(stack, 'Queue') }),
    });
  },
};
