import { describe, expect, it } from 'vitest';
import { busKeysHaveDeadLetterQueues } from '../../../infra/checks/bus-keys-have-dead-letter-queues.ts';
import { busesAreArchived } from '../../../infra/checks/buses-are-archived.ts';
import { customerKeysLetEventsIn } from '../../../infra/checks/customer-keys-let-events-in.ts';
import { CHECKS } from '../../../infra/checks/index.ts';
import { numbersCanBeCompared } from '../../../infra/checks/numbers-can-be-compared.ts';
import { patternsMatchTheCatalogue } from '../../../infra/checks/patterns-match-the-catalogue.ts';
import { routesKeepTheEnvelope } from '../../../infra/checks/routes-keep-the-envelope.ts';
import { rulesAvoidTheAwsManagedKey } from '../../../infra/checks/rules-avoid-the-aws-managed-key.ts';
import { rulesHaveDeadLetterQueues } from '../../../infra/checks/rules-have-dead-letter-queues.ts';
import { rulesReachTheirTargets } from '../../../infra/checks/rules-reach-their-targets.ts';
import { servicesNameTheirSource } from '../../../infra/checks/services-name-their-source.ts';
import { arn, findings, key, type Sound } from './sound.ts';

const target = ({ resources }: Sound) => resources['Rule']!.Properties.Targets[0];
const allowing = ({ resources }: Sound, policy: string) =>
  resources[policy]!.Properties.PolicyDocument.Statement[1];

it.each(CHECKS)('$name finds nothing in a sound deployment', (check) => {
  expect(findings(check, () => {})).toEqual([]);
});

describe('rules have dead-letter queues (F12, B71)', () => {
  const broken = (breaks: (deployment: Sound) => void) =>
    findings(rulesHaveDeadLetterQueues, breaks).map(({ problem }) => problem);

  it('a target without one', () => {
    expect(broken((deployment) => delete target(deployment).DeadLetterConfig)).toEqual([
      'the target has no dead-letter queue',
    ]);
  });
  it('a target without a retry policy', () => {
    expect(broken((deployment) => delete target(deployment).RetryPolicy)).toEqual([
      'the target has no retry policy',
    ]);
  });
  it('a FIFO queue', () => {
    expect(broken(({ resources }) => (resources['RuleDeadLetters']!.Properties.FifoQueue = true))).toEqual([
      'the dead-letter queue is FIFO, which EventBridge does not support',
    ]);
  });
  it('the target itself', () => {
    expect(broken((deployment) => (target(deployment).DeadLetterConfig.Arn = arn('Queue')))).toEqual([
      'the dead-letter queue is the target itself',
    ]);
  });
});

describe('rules reach their targets (F13, F15)', () => {
  const refused = (breaks: (deployment: Sound) => void) =>
    findings(rulesReachTheirTargets, breaks).map(({ problem }) => problem);
  const TO_QUEUE = 'the policy of Queue does not allow events.amazonaws.com to sqs:SendMessage for this rule';

  it('a queue without a policy', () => {
    expect(refused(({ resources }) => delete resources['QueuePolicy'])).toEqual([TO_QUEUE]);
  });
  it('a policy for another rule', () => {
    expect(
      refused((it) => (allowing(it, 'QueuePolicy').Condition.ArnEquals['aws:SourceArn'] = arn('Other'))),
    ).toEqual([TO_QUEUE]);
  });
  it('a policy for another service', () => {
    expect(refused((it) => (allowing(it, 'QueuePolicy').Principal.Service = 'sns.amazonaws.com'))).toEqual([
      TO_QUEUE,
    ]);
  });
  it('a policy for another action', () => {
    expect(refused((it) => (allowing(it, 'QueuePolicy').Action = 'sqs:ReceiveMessage'))).toEqual([TO_QUEUE]);
  });
  it('a policy that denies', () => {
    expect(
      refused((it) => delete it.resources['QueuePolicy']!.Properties.PolicyDocument.Statement[0].Condition),
    ).toEqual([TO_QUEUE]);
  });
  it('a condition that is not understood', () => {
    expect(
      refused((it) => (allowing(it, 'QueuePolicy').Condition.IpAddress = { 'aws:SourceIp': '10.0.0.0/8' })),
    ).toEqual([TO_QUEUE]);
  });
  it('a dead-letter queue without a policy', () => {
    expect(refused(({ resources }) => delete resources['RuleDeadLettersPolicy'])).toEqual([
      'the policy of RuleDeadLetters does not allow events.amazonaws.com to sqs:SendMessage for this rule',
    ]);
  });
  it('a function without a permission', () => {
    expect(refused((deployment) => (target(deployment).Arn = arn('Function')))).toEqual([
      'no AWS::Lambda::Permission lets this rule invoke Function',
    ]);
  });
  it('but not a policy for the whole account', () => {
    expect(
      refused(
        (it) =>
          (allowing(it, 'QueuePolicy').Condition = {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          }),
      ),
    ).toEqual([]);
  });
});

it('rules avoid the AWS managed key (F14, B68)', () => {
  const found = findings(rulesAvoidTheAwsManagedKey, ({ resources }) => {
    resources['Queue']!.Properties.KmsMasterKeyId = 'alias/aws/sqs';
  });
  expect(found).toEqual([
    expect.objectContaining({
      resource: 'Queue',
      problem: expect.stringContaining('EventBridge can never deliver'),
    }),
  ]);
});

describe('customer keys let events in (F15, B69)', () => {
  const encrypted = (queue: string, ofKey: ReturnType<typeof key>) =>
    findings(customerKeysLetEventsIn, ({ resources }) => {
      resources['Key'] = ofKey;
      resources[queue]!.Properties.KmsMasterKeyId = arn('Key');
    });

  it('a key that does not name EventBridge', () => {
    expect(encrypted('Queue', key({ Principal: { AWS: '*' }, Effect: 'Deny' }))).toHaveLength(1);
  });
  it('the key of a dead-letter queue, which CDK does not grant', () => {
    expect(encrypted('RuleDeadLetters', key({ Action: ['kms:Decrypt'] }))).toEqual([
      expect.objectContaining({
        resource: 'RuleDeadLetters',
        problem: 'the policy of Key does not allow events.amazonaws.com kms:GenerateDataKey for Rule',
      }),
    ]);
  });
  it('a key of elsewhere', () => {
    const found = findings(customerKeysLetEventsIn, ({ resources }) => {
      resources['Queue']!.Properties.KmsMasterKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    });
    expect(found[0]!.problem).toContain('its key is not in this stack');
  });
  it('but not a key that grants both', () => {
    expect(encrypted('Queue', key())).toEqual([]);
  });
});

describe('bus keys have dead-letter queues (F16)', () => {
  it('a key without a dead-letter queue, deleted with the stack', () => {
    const found = findings(busKeysHaveDeadLetterQueues, ({ resources }) => {
      resources['Key'] = { ...key(), DeletionPolicy: 'Delete' };
      resources['Bus']!.Properties.KmsKeyIdentifier = arn('Key');
    });
    expect(found.map(({ resource, at }) => `${resource} ${at}`)).toEqual([
      'Bus Properties.KmsKeyIdentifier',
      'Key DeletionPolicy',
    ]);
  });
});

describe('services name their source (F17, B70)', () => {
  it('a queue that is open to a service of any account', () => {
    const found = findings(servicesNameTheirSource, (it) => delete allowing(it, 'QueuePolicy').Condition);
    expect(found.map(({ resource }) => resource)).toEqual(['QueuePolicy']);
  });
  it('a key that is open to a service of any account', () => {
    const found = findings(servicesNameTheirSource, ({ resources }) => {
      resources['Key'] = key({ Condition: {} });
    });
    expect(found.map(({ resource }) => resource)).toEqual(['Key']);
  });
  it('a function that is open to a service of any account', () => {
    const found = findings(servicesNameTheirSource, ({ resources }) => {
      resources['Permission'] = {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: arn('Function'), Principal: 'events.amazonaws.com' },
      };
    });
    expect(found.map(({ resource }) => resource)).toEqual(['Permission']);
  });
});

it('routes keep the envelope (F19)', () => {
  const found = findings(routesKeepTheEnvelope, (deployment) => (target(deployment).InputPath = '$.detail'));
  expect(found).toEqual([
    expect.objectContaining({ resource: 'Rule', at: 'Properties.Targets.0.InputPath' }),
  ]);
});

describe('patterns match the catalogue (B72)', () => {
  const found = (pattern: object | undefined) =>
    findings(patternsMatchTheCatalogue, ({ resources }) => {
      resources['Rule']!.Properties.EventPattern = pattern;
    }).map(({ problem }) => problem);

  it('a misspelt type', () => {
    expect(found({ 'detail-type': ['order.plcaed'] })).toEqual([
      'nobody says order.plcaed on this bus; did you mean order.placed?',
    ]);
  });
  it('a misspelt type in a branch', () => {
    expect(found({ $or: [{ 'detail-type': ['order.placed'] }, { 'detail-type': ['refund'] }] })).toEqual([
      'nobody says refund on this bus',
    ]);
  });
  it('an empty pattern', () => {
    expect(found({})).toEqual(['the pattern is empty, which EventBridge refuses']);
    expect(found(undefined)).toEqual(['the pattern is empty, which EventBridge refuses']);
  });
  it('but not an operator', () => {
    expect(found({ 'detail-type': [{ 'anything-but': ['order.placed'] }] })).toEqual([]);
  });
});

it('numbers can be compared', () => {
  const found = findings(numbersCanBeCompared, ({ resources }) => {
    resources['Rule']!.Properties.EventPattern.detail = {
      data: { total: [{ numeric: ['>', 5_000_000_001] }] },
    };
  });
  expect(found[0]!.problem).toBe('5000000001 is beyond ±5000000000, and never matches');
});

describe('buses are archived (F20, F53)', () => {
  it('a bus without an archive', () => {
    expect(findings(busesAreArchived, ({ resources }) => delete resources['Archive'])[0]!.resource).toBe(
      'Bus',
    );
  });
  it('an archive of some events', () => {
    const found = findings(busesAreArchived, ({ resources }) => {
      resources['Archive']!.Properties.EventPattern = { source: ['shop.checkout'] };
    });
    expect(found[0]!.resource).toBe('Bus');
  });
});
