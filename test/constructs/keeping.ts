import {
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CustomResource,
  Duration,
  Fn,
  NestedStack,
  RemovalPolicy,
} from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as custom from 'aws-cdk-lib/custom-resources';
import { functionIn, type Apps } from './app.ts';

/** What holds data, guards it, watches over it, or makes something by itself. */
export const KEEPING: Apps = {
  tables(stack) {
    const partitionKey = { name: 'pk', type: dynamodb.AttributeType.STRING };
    const table = new dynamodb.TableV2(stack, 'Table', {
      partitionKey,
      sortKey: { name: 'sk', type: dynamodb.AttributeType.NUMBER },
      globalSecondaryIndexes: [
        { indexName: 'group', partitionKey: { name: 'group', type: dynamodb.AttributeType.STRING } },
      ],
      dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
      billing: dynamodb.Billing.onDemand({ maxReadRequestUnits: 100 }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: 'until',
    });
    table.grantReadWriteData(functionIn(stack));
    void new dynamodb.Table(stack, 'Provisioned', { partitionKey, readCapacity: 5, writeCapacity: 5 });
  },

  buckets(stack) {
    const bucket = new s3.Bucket(stack, 'Bucket', {
      versioned: true,
      eventBridgeEnabled: true,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      cors: [{ allowedMethods: [s3.HttpMethods.GET], allowedOrigins: ['*'] }],
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const queue = new notifications.SqsDestination(new sqs.Queue(stack, 'Queue'));
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED_PUT, queue, { prefix: 'a/', suffix: '.json' });
    const topic = new notifications.SnsDestination(new sns.Topic(stack, 'Topic'));
    bucket.addEventNotification(s3.EventType.OBJECT_REMOVED, topic);
  },

  keysAndSecrets(stack) {
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true, alias: 'alias/mine' });
    const queue = new sqs.Queue(stack, 'Queue', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: key,
    });
    const fn = functionIn(stack);
    queue.grantConsumeMessages(fn);
    void new sns.Topic(stack, 'Topic', { masterKey: key });
    const secret = new secretsmanager.Secret(stack, 'Secret', {
      encryptionKey: key,
      generateSecretString: { secretStringTemplate: '{"user":"x"}', generateStringKey: 'password' },
    });
    secret.grantRead(fn);
    void new ssm.StringParameter(stack, 'Parameter', { parameterName: '/a/b', stringValue: 'v' });
    void new ssm.StringListParameter(stack, 'List', { stringListValue: ['a', 'b'] });
  },

  people(stack) {
    const user = new iam.User(stack, 'User');
    user.addToGroup(new iam.Group(stack, 'Group'));
    user.addToPolicy(new iam.PolicyStatement({ actions: ['sqs:*'], resources: ['*'] }));
    void new iam.AccessKey(stack, 'AccessKey', { user });
    const boundary = new iam.ManagedPolicy(stack, 'Boundary', {
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
    });
    void new iam.Role(stack, 'Role', {
      assumedBy: new iam.AccountRootPrincipal(),
      permissionsBoundary: boundary,
    });
  },

  watching(stack) {
    const queue = new sqs.Queue(stack, 'Queue');
    const oldest = new cloudwatch.Alarm(stack, 'Oldest', {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      threshold: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    oldest.addAlarmAction(new SnsAction(new sns.Topic(stack, 'Topic')));
    const left = new cloudwatch.MathExpression({
      expression: '100 * a / (a + b)',
      usingMetrics: { a: queue.metricNumberOfMessagesSent(), b: queue.metricNumberOfMessagesDeleted() },
    });
    const share = new cloudwatch.Alarm(stack, 'Share', { metric: left, threshold: 1, evaluationPeriods: 1 });
    void new cloudwatch.CompositeAlarm(stack, 'Any', {
      alarmRule: cloudwatch.AlarmRule.anyOf(oldest, share),
    });
    void new cloudwatch.Dashboard(stack, 'Dashboard', {
      widgets: [
        [new cloudwatch.GraphWidget({ left: [left] }), new cloudwatch.AlarmStatusWidget({ alarms: [share] })],
      ],
    });
    const group = new logs.LogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_WEEK });
    group.addMetricFilter('Errors', {
      metricNamespace: 'app',
      metricName: 'errors',
      filterPattern: logs.FilterPattern.literal('ERROR'),
    });
    group.addSubscriptionFilter('All', {
      destination: new LambdaDestination(functionIn(stack)),
      filterPattern: logs.FilterPattern.allEvents(),
    });
  },

  customResources(stack) {
    void new custom.AwsCustomResource(stack, 'Call', {
      onUpdate: {
        service: 'SSM',
        action: 'PutParameter',
        parameters: { Name: '/made/by/it', Value: 'v', Type: 'String', Overwrite: true },
        physicalResourceId: custom.PhysicalResourceId.of('it'),
      },
      policy: custom.AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
      installLatestAwsSdk: false,
    });
    const { serviceToken } = new custom.Provider(stack, 'Provider', { onEventHandler: functionIn(stack) });
    void new CustomResource(stack, 'Made', { serviceToken, properties: { number: 1 } });
  },

  templates(stack) {
    const nested = new NestedStack(stack, 'Nested');
    void new CfnOutput(stack, 'Inner', { value: new sqs.Queue(nested, 'Queue').queueArn });
    const parameter = new CfnParameter(stack, 'Parameter', { default: 'x', allowedValues: ['x', 'y'] });
    const queue = new sqs.CfnQueue(stack, 'Queue', {
      tags: [{ key: 'k', value: Fn.select(0, Fn.split('-', 'a-b')) }],
    });
    queue.cfnOptions.condition = new CfnCondition(stack, 'IsX', {
      expression: Fn.conditionEquals(parameter, 'x'),
    });
  },
};
