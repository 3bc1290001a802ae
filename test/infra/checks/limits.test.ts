import { describe, expect, it } from 'vitest';
import { environmentsFitTheirFunction } from '../../../infra/checks/environments-fit-their-function.ts';
import { filledIn } from '../../../infra/checks/filled-in.ts';
import { patternsFitTheirRule } from '../../../infra/checks/patterns-fit-their-rule.ts';
import { Template } from '../../../infra/checks/template.ts';
import { arn, findings } from './sound.ts';

describe('patterns fit their rule', () => {
  const found = (length: number) =>
    findings(patternsFitTheirRule, ({ resources }) => {
      resources['Rule']!.Properties.EventPattern = {
        source: ['x'.repeat(length - '{"source":[""]}'.length)],
      };
    }).map(({ resource, problem }) => `${resource}: ${problem}`);

  it('one of 2,048 characters', () => {
    expect(found(2048)).toEqual([]);
  });
  it('but not one of 2,049', () => {
    expect(found(2049)).toEqual([
      'Rule: its pattern has 2049 characters, more than the 2048 that EventBridge takes',
    ]);
  });
  it('nor one that is too long once it is filled in', () => {
    const found = findings(patternsFitTheirRule, ({ resources }) => {
      resources['Rule']!.Properties.EventPattern = {
        account: Array.from({ length: 140 }, () => ({ Ref: 'AWS::AccountId' })),
      };
    });
    expect(found[0]!.problem).toContain('2113 characters');
  });
});

describe('environments fit their function', () => {
  const found = (variables: object) =>
    findings(environmentsFitTheirFunction, ({ resources }) => {
      resources['Function']!.Properties.Environment.Variables = variables;
    }).map(({ resource, problem }) => `${resource}: ${problem}`);

  it('one of 4,096 bytes, names included', () => {
    expect(found({ A: 'x'.repeat(4096 - '{"A":""}'.length) })).toEqual([]);
  });
  it('but not one of 4,097', () => {
    expect(found({ A: 'é' + 'x'.repeat(4097 - '{"A":""}'.length - 2) })).toEqual([
      'Function: its environment variables have about 4097 bytes, more than the 4096 that Lambda takes',
    ]);
  });
  it('nor a relay that names the queues of forty commands', () => {
    const queues = Array.from({ length: 40 }, (_, i) => [`"order.place-${i}":"`, { Ref: 'Queue' }, '"']);
    expect(
      found({ SPILLWAY_QUEUES: { 'Fn::Join': [',', queues.map((parts) => ({ 'Fn::Join': ['', parts] }))] } }),
    ).toHaveLength(1);
  });
});

it('what CloudFormation fills in counts with its typical length', () => {
  const template = new Template({
    Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Table: { Type: 'AWS::DynamoDB::Table' } },
  });
  expect(
    filledIn(
      {
        queue: { Ref: 'Queue' },
        table: { Ref: 'Table' },
        arn: arn('Queue'),
        joined: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] },
        unknown: [{ 'Fn::ImportValue': 'elsewhere' }],
        number: 7,
      },
      template,
    ),
  ).toEqual({
    queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/my-stack-Queue-123456789012',
    table: 'my-stack-Table-123456789012',
    arn: 'arn:aws:sqs:eu-central-1:123456789012:my-stack-Queue-123456789012',
    joined: 'a-eu-central-1',
    unknown: [''],
    number: 7,
  });
});
