import type { Check, Declared, Finding } from '../../../infra/checks/check.ts';
import { Template } from '../../../infra/checks/template.ts';

/** JSON of a template: a fixture breaks it where it likes. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Resources = Record<
  string,
  { Type: string; Properties: any; DeletionPolicy?: string; UpdateReplacePolicy?: string }
>;

export interface Sound {
  resources: Resources;
  pipeline: { -readonly [Key in keyof Declared]: Declared[Key] };
}

const TWO_WEEKS = 1_209_600;
export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** The smallest deployment in which no check finds anything. */
export const sound = (): Sound => ({
  resources: { ...BUS(), ...QUEUES(), ...FUNCTION(), ...ALARMS() },
  pipeline: PIPELINE(),
});

/** What a check finds once the sound deployment is broken like this. */
export function findings(check: Check, breaks: (deployment: Sound) => void): Finding[] {
  const deployment = sound();
  breaks(deployment);
  return check.find({
    template: new Template({ Resources: structuredClone(deployment.resources) }),
    pipelines: [deployment.pipeline],
  });
}

const PIPELINE = (): Declared => ({
  keepsData: true,
  bus: 'Bus',
  heardElsewhere: [],
  consumers: [
    {
      name: 'payments',
      function: 'Function',
      on: ['order.placed'],
      publishes: [],
      sends: [],
      breaksCycle: false,
    },
  ],
});

const BUS = (): Resources => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  Archive: {
    Type: 'AWS::Events::Archive',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { SourceArn: arn('Bus'), RetentionDays: 90 },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['shop.checkout'], 'detail-type': ['order.placed'] },
      Targets: [
        {
          Id: 'Target0',
          Arn: arn('Queue'),
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
          DeadLetterConfig: { Arn: arn('RuleDeadLetters') },
        },
      ],
    },
  },
});

const QUEUES = (): Resources => ({
  Queue: queue({
    VisibilityTimeout: 180,
    RedrivePolicy: { deadLetterTargetArn: arn('DeadLetters'), maxReceiveCount: 77 },
  }),
  QueuePolicy: policy('Queue'),
  DeadLetters: queue({}),
  RuleDeadLetters: queue({}),
  RuleDeadLettersPolicy: policy('RuleDeadLetters'),
});

const FUNCTION = (): Resources => ({
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Timeout: 30,
      Environment: { Variables: { SPILLWAY_TABLE: { Ref: 'Table' } } },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Queue'),
      FunctionName: { Ref: 'Function' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  },
});

const ALARMS = (): Resources => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: 'Topic' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    },
  },
  DeadLettersAlarm: depthAlarm('DeadLetters'),
  RuleDeadLettersAlarm: depthAlarm('RuleDeadLetters'),
  RuleFailedAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Events',
      MetricName: 'InvocationsFailedToBeSentToDlq',
      Dimensions: [
        { Name: 'EventBusName', Value: { Ref: 'Bus' } },
        { Name: 'RuleName', Value: { 'Fn::Select': [1, { 'Fn::Split': ['|', { Ref: 'Rule' }] }] } },
      ],
      AlarmActions: [{ Ref: 'Topic' }],
    },
  },
});

const queue = (properties: object) => ({
  Type: 'AWS::SQS::Queue',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { MessageRetentionPeriod: TWO_WEEKS, SqsManagedSseEnabled: true, ...properties },
});

const policy = (of: string) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: of }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'sqs:*',
          Resource: arn(of),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['sqs:SendMessage'],
          Resource: arn(of),
          Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
        },
      ],
    },
  },
});

const depthAlarm = (of: string) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [of, 'QueueName'] } }],
    AlarmActions: [{ Ref: 'Topic' }],
  },
});

/** A key whose policy lets EventBridge use it for the rule. */
export const key = (statement: object = {}) => ({
  Type: 'AWS::KMS::Key',
  DeletionPolicy: 'Retain',
  Properties: {
    KeyPolicy: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
          Resource: '*',
          Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
          ...statement,
        },
      ],
    },
  },
});
