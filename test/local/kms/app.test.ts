/** An app as CDK synthesizes it: a bus, a rule to an encrypted queue, and its dead-letter queue with a key of its own. */
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stacksOf, template } from '../cloudformation/stacks-of.ts';
import { eventing } from '../events/eventing.ts';

const att = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const ROOT = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']],
};
const EVENTS = { Service: 'events.amazonaws.com' };
const SAME_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

/** What `grantSendMessages` of an encrypted queue adds to its key, with `eventsTargetQueueSameAccount`. */
const GRANT = {
  Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
  Condition: SAME_ACCOUNT,
  Effect: 'Allow',
  Principal: EVENTS,
  Resource: '*',
};
const key = (...more: object[]) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: {
      Statement: [{ Action: 'kms:*', Effect: 'Allow', Principal: { AWS: ROOT }, Resource: '*' }, ...more],
      Version: '2012-10-17',
    },
  },
  UpdateReplacePolicy: 'Retain',
  DeletionPolicy: 'Retain',
});
const queue = (QueueName: string, KmsMasterKeyId: unknown) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, KmsMasterKeyId },
});
const queuePolicy = (name: string, statement: object) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    PolicyDocument: {
      Statement: [
        { Action: 'sqs:SendMessage', Effect: 'Allow', Principal: EVENTS, Resource: att(name), ...statement },
      ],
      Version: '2012-10-17',
    },
    Queues: [{ Ref: name }],
  },
});

interface Given {
  /** @default without the grant */
  own?: object;
  /** What the queue is encrypted with. @default its own key */
  target?: unknown;
  /** The key of the dead-letter queue. @default without the grant */
  dead?: object;
}

/** CDK gives the dead-letter queue of a rule its queue policy, and its key no grant. */
const app = (name: string, { own = key(), target = att('Key'), dead = key() }: Given) => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: name } },
  Key: own,
  DeadKey: dead,
  Queue: queue(name, target),
  QueuePolicy: queuePolicy('Queue', { Condition: SAME_ACCOUNT }),
  Dead: queue(`${name}-dead`, att('DeadKey')),
  DeadPolicy: queuePolicy('Dead', { Condition: { ArnEquals: { 'aws:SourceArn': att('Rule') } } }),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: name,
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['shop'] },
      State: 'ENABLED',
      Targets: [{ Arn: att('Queue'), DeadLetterConfig: { Arn: att('Dead') }, Id: 'Target0' }],
    },
  },
});

let aws: Awaited<ReturnType<typeof eventing>>;
beforeAll(async () => {
  aws = await eventing();
});
afterAll(() => aws.stop());

/** Where an event ends up, and what the rule's metrics say of it. */
async function put(name: string, given: Given) {
  const stacks = stacksOf(aws);
  const TemplateBody = template(app(name, given));
  const { StackStatus } = await stacks.after(new CreateStackCommand({ StackName: name, TemplateBody }));
  expect(StackStatus).toBe('CREATE_COMPLETE');
  await aws.put({ EventBusName: name });
  await aws.advance('1d');
  const arn = `arn:aws:sqs:eu-west-1:000000000000:${name}`;
  const letters = await aws.received(`${arn}-dead`);
  return {
    arrived: (await aws.received(arn)).length,
    letters: letters.map(({ MessageAttributes = {} }) =>
      ['ERROR_CODE', 'RETRY_ATTEMPTS'].map((attribute) => MessageAttributes[attribute]?.StringValue),
    ),
    reasons: letters.map(({ MessageAttributes = {} }) => MessageAttributes['ERROR_MESSAGE']?.StringValue),
    failed: await counted('FailedInvocations', name),
    lost: await counted('InvocationsFailedToBeSentToDlq', name),
  };
}

async function counted(MetricName: string, name: string): Promise<number | undefined> {
  const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Events',
      MetricName,
      Dimensions: [
        { Name: 'EventBusName', Value: name },
        { Name: 'RuleName', Value: name },
      ],
      StartTime: new Date(Date.UTC(2030, 0, 1)),
      EndTime: new Date(Date.UTC(2030, 1, 1)),
      Period: 31 * 86_400,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints[0]?.Sum;
}

test('with the grant, events arrive', async () => {
  expect(await put('granted', { own: key(GRANT) })).toMatchObject({
    arrived: 1,
    letters: [],
    failed: undefined,
  });
});

test('a queue under the AWS managed key gets nothing: its events are dead letters, with the reason of KMS (F14)', async () => {
  const found = await put('managed', { target: 'alias/aws/sqs', dead: key(GRANT) });
  expect(found).toMatchObject({ arrived: 0, letters: [['NO_PERMISSIONS', '0']], failed: 1, lost: undefined });
  expect(found.reasons[0]).toContain(
    'not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:000000000000:key/',
  );
});

test('and so does a queue whose key does not let EventBridge in (F14)', async () => {
  expect(await put('refused', { dead: key(GRANT) })).toMatchObject({
    arrived: 0,
    letters: [['NO_PERMISSIONS', '0']],
    failed: 1,
    lost: undefined,
  });
});

test('a dead-letter queue whose key is without the grant gets nothing either: the event is lost, and counted (F15)', async () => {
  expect(await put('lost', {})).toMatchObject({
    arrived: 0,
    letters: [],
    failed: 1,
    lost: 1,
  });
});
