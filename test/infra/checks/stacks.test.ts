import { describe, expect, it } from 'vitest';
import { alarmsNameRealMetrics } from '../../../infra/checks/alarms-name-real-metrics.ts';
import { alarmsReachTheirTopic } from '../../../infra/checks/alarms-reach-their-topic.ts';
import { alarmsTellSomebody } from '../../../infra/checks/alarms-tell-somebody.ts';
import { failuresRaiseAlarms } from '../../../infra/checks/failures-raise-alarms.ts';
import { marksOutliveCopies } from '../../../infra/checks/marks-outlive-copies.ts';
import { productionKeepsData } from '../../../infra/checks/production-keeps-data.ts';
import { runtimesAreSupported } from '../../../infra/checks/runtimes-are-supported.ts';
import { arn, findings, key, type Sound } from './sound.ts';

describe('production keeps data (F59, B75)', () => {
  const found = (breaks: (deployment: Sound) => void) =>
    findings(productionKeepsData, breaks).map(({ resource, at }) => `${resource} ${at}`);

  it.each(['Queue', 'DeadLetters', 'Table', 'Archive'])('%s that is deleted with the stack', (id) => {
    expect(found(({ resources }) => (resources[id]!.DeletionPolicy = 'Delete'))).toEqual([
      `${id} DeletionPolicy`,
    ]);
  });
  it('a queue that is deleted when it is replaced', () => {
    expect(found(({ resources }) => (resources['Queue']!.UpdateReplacePolicy = 'Delete'))).toEqual([
      'Queue DeletionPolicy',
    ]);
  });
  it('a table without protection or recovery', () => {
    expect(found(({ resources }) => (resources['Table']!.Properties = {}))).toEqual([
      'Table Properties.DeletionProtectionEnabled',
      'Table Properties.PointInTimeRecoverySpecification',
    ]);
  });
  it('but not in a stage that vanishes', () => {
    expect(
      found(({ resources, pipeline }) => {
        pipeline.keepsData = false;
        resources['Table']!.DeletionPolicy = 'Delete';
      }),
    ).toEqual([]);
  });
});

describe('marks outlive copies (F49, B73)', () => {
  const expiring = (archiveDays: number, fenceDays?: number) =>
    findings(marksOutliveCopies, ({ resources }) => {
      resources['Table']!.Properties.TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
      resources['Archive']!.Properties.RetentionDays = archiveDays;
      if (fenceDays !== undefined)
        resources['Function']!.Properties.Environment.Variables.SPILLWAY_MARKS_EXPIRE_AFTER = String(
          fenceDays * 86_400,
        );
    }).map(({ problem }) => problem);

  it('a table that forgets, with how late a copy can come', () => {
    expect(expiring(90)).toEqual([
      'its marks expire and nothing fences older events off, but a copy of an event can arrive up to 14 + 14 + 90 = 118 days later',
    ]);
  });
  it('a fence that is too near, and one that is not', () => {
    expect(expiring(90, 117)).toEqual([
      'its marks expire after 117 days, but a copy of an event can arrive up to 14 + 14 + 90 = 118 days later',
    ]);
    expect(expiring(90, 118)).toEqual([]);
  });
  it('a table that forgets, beside an archive that does not', () => {
    expect(expiring(0, 10_000)).toEqual([
      'its marks expire after 10000 days, but a copy of an event can arrive at any time (the archive keeps for ever)',
    ]);
  });
});

it.each(['nodejs16.x', 'nodejs18.x', 'nodejs20.x'])('runtimes are supported: %s is not (B77)', (Runtime) => {
  const found = findings(
    runtimesAreSupported,
    ({ resources }) => (resources['Function']!.Properties.Runtime = Runtime),
  );
  expect(found).toEqual([
    expect.objectContaining({ problem: `${Runtime} is at its end of life`, fix: 'Use nodejs24.x.' }),
  ]);
});

describe('failures raise alarms', () => {
  it.each(['DeadLetters', 'RuleDeadLetters'])('%s without an alarm', (id) => {
    expect(findings(failuresRaiseAlarms, ({ resources }) => delete resources[`${id}Alarm`])).toEqual([
      expect.objectContaining({ resource: id, problem: 'it is a dead-letter queue without an alarm' }),
    ]);
  });
  it.each<[string, string, object]>([
    ['a bus', 'AWS::Events::EventBus', { DeadLetterConfig: { Arn: arn('Other') } }],
    ['a function', 'AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: arn('Other') } }],
    [
      'asynchronous invocations',
      'AWS::Lambda::EventInvokeConfig',
      { DestinationConfig: { OnFailure: { Destination: arn('Other') } } },
    ],
  ])('that of %s too', (_, Type, Properties) => {
    const found = findings(failuresRaiseAlarms, ({ resources }) => {
      resources['Other'] = { Type: 'AWS::SQS::Queue', Properties: {} };
      resources['Failing'] = { Type, Properties };
    });
    expect(found).toEqual([expect.objectContaining({ resource: 'Other' })]);
  });
});

describe('alarms tell somebody', () => {
  it('an alarm without an action', () => {
    const found = findings(
      alarmsTellSomebody,
      ({ resources }) => (resources['RuleFailedAlarm']!.Properties.AlarmActions = []),
    );
    expect(found).toEqual([
      expect.objectContaining({
        resource: 'RuleFailedAlarm',
        problem: '1 alarms tell nobody, this one first',
      }),
    ]);
  });
  it('but not in a stage that vanishes', () => {
    const found = findings(alarmsTellSomebody, ({ resources, pipeline }) => {
      pipeline.keepsData = false;
      resources['RuleFailedAlarm']!.Properties.AlarmActions = [];
    });
    expect(found).toEqual([]);
  });
});

describe('alarms name real metrics (F56)', () => {
  const found = (properties: object) =>
    findings(alarmsNameRealMetrics, ({ resources }) =>
      Object.assign(resources['RuleFailedAlarm']!.Properties, properties),
    );

  it('a metric in the wrong case', () => {
    expect(found({ MetricName: 'InvocationsFailedToBeSentToDLQ' })).toEqual([
      expect.objectContaining({ fix: 'Write InvocationsFailedToBeSentToDlq.' }),
    ]);
  });
  it('the Ref of a rule of a custom bus', () => {
    const Dimensions = [
      { Name: 'EventBusName', Value: { Ref: 'Bus' } },
      { Name: 'RuleName', Value: { Ref: 'Rule' } },
    ];
    expect(found({ Dimensions })[0]!.problem).toBe(
      'the Ref of Rule is `bus|name`, and its metrics are reported by its name',
    );
  });
  it('a rule of a custom bus without its bus', () => {
    const name = { 'Fn::Select': [1, { 'Fn::Split': ['|', { Ref: 'Rule' }] }] };
    const [first] = found({ Dimensions: [{ Name: 'RuleName', Value: name }] });
    expect(first!.fix).toBe('Add the dimension EventBusName.');
  });
});

describe('alarms reach their topic', () => {
  it('a policy that names nobody but denies', () => {
    const found = findings(alarmsReachTheirTopic, ({ resources }) => {
      resources['TopicPolicy']!.Properties.PolicyDocument.Statement[0].Effect = 'Deny';
    });
    expect(found).toEqual([expect.objectContaining({ resource: 'Topic' })]);
  });
  const encrypted = (KmsMasterKeyId: unknown, statement = {}) =>
    findings(alarmsReachTheirTopic, ({ resources }) => {
      resources['Key'] = key(statement);
      resources['Topic']!.Properties = { KmsMasterKeyId };
    }).map(({ problem }) => problem);
  const REFUSED =
    'does not allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey, so no alarm arrives';

  it('a topic that is encrypted by the key that AWS manages, or by one that does not name CloudWatch', () => {
    expect(encrypted('alias/aws/sns')).toEqual([`alias/aws/sns ${REFUSED}`]);
    expect(encrypted(arn('Key'))).toEqual([`the policy of Key ${REFUSED}`]);
  });
  it('but not by a key that does, nor by one of elsewhere', () => {
    const toAlarms = { Principal: { Service: 'cloudwatch.amazonaws.com' }, Condition: {} };
    expect(encrypted(arn('Key'), toAlarms)).toEqual([]);
    expect(encrypted('arn:aws:kms:eu-central-1:123456789012:key/of-elsewhere')).toEqual([]);
  });
  it('but not one that lets in the alarms of the account by their ARN', () => {
    const found = findings(alarmsReachTheirTopic, ({ resources }) => {
      resources['TopicPolicy']!.Properties.PolicyDocument.Statement[0].Condition = {
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Join': [
              '',
              ['arn:aws:cloudwatch:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':alarm:*'],
            ],
          },
        },
      };
    });
    expect(found).toEqual([]);
  });
  it('but not a topic without a policy, which lets its own account publish', () => {
    expect(findings(alarmsReachTheirTopic, ({ resources }) => delete resources['TopicPolicy'])).toEqual([]);
  });
});
